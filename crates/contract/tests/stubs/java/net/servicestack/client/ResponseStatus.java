package net.servicestack.client;

/** An error. */
public class ResponseStatus {}
