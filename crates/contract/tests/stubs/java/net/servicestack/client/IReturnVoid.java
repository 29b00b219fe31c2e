package net.servicestack.client;

/** A request that nothing is returned for. */
public interface IReturnVoid {}
