package net.servicestack.client;

/** A request that something is returned for. */
public interface IReturn<TResponse> {
    Object getResponseType();
}
