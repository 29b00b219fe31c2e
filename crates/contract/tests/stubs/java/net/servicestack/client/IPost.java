package net.servicestack.client;

/** The verb of a request. */
public interface IPost {}
