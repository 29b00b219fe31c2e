// What generated sources use of the package ServiceStack.Client.

using System;
using System.Collections.Generic;

namespace ServiceStack
{
    public interface IReturn<T> { }
    public interface IReturnVoid { }
    public interface IGet { }
    public interface IPost { }
    public interface IPut { }
    public interface IPatch { }
    public interface IDelete { }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class RouteAttribute : Attribute
    {
        public RouteAttribute(string path) { }
        public RouteAttribute(string path, string verbs) { }
    }

    [AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
    public class ApiMemberAttribute : Attribute
    {
        public string Name { get; set; }
        public string ParameterType { get; set; }
        public string Description { get; set; }
        public bool IsRequired { get; set; }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ApiResponseAttribute : Attribute
    {
        public int StatusCode { get; set; }
        public string Description { get; set; }
        public Type ResponseType { get; set; }
    }

    public class ResponseError { }
    public class ResponseStatus { }
    public class Authenticate { }
    public class AuthenticateResponse { }
    public class UserApiKey { }
}

namespace ServiceStack.DataAnnotations
{
    public class EnumAsIntAttribute : Attribute { }

    public class DescriptionAttribute : Attribute
    {
        public DescriptionAttribute(string text) { }
    }
}
