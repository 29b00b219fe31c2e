package net.servicestack.client;

/** Only marked members are in documents. */
public @interface DataContract {}
