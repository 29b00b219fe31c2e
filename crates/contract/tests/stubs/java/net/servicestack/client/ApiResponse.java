package net.servicestack.client;

/** What is said of a response. */
public @interface ApiResponse {
    int StatusCode() default 0;
    String Description() default "";
    Class ResponseType() default Object.class;
}
