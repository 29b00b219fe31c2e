package net.servicestack.client;

/** Any sum of the values. */
public @interface Flags {}
