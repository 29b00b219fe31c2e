package net.servicestack.client;

/** A marked member. */
public @interface DataMember {
    int Order() default -1;
    String Name() default "";
}
