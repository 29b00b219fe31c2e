package net.servicestack.client;

/** A route of a request. */
public @interface Route {
    String value() default "";
    String Path() default "";
    String Verbs() default "";
}
