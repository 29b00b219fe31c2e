package com.google.gson.annotations;

/** How a field or a constant is called in documents. */
public @interface SerializedName {
    String value();
}
