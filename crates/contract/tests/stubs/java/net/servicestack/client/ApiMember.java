package net.servicestack.client;

/** What is said of a member. */
public @interface ApiMember {
    String Name() default "";
    String ParameterType() default "";
    String Description() default "";
    boolean IsRequired() default false;
}
