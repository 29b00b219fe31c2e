package net.servicestack.client;

/** A duration. */
public class TimeSpan {}
