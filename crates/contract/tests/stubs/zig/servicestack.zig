//! Just enough of the package `servicestack` for generated sources.

pub const ResponseStatus = struct {
    errorCode: ?[]const u8 = null,
    message: ?[]const u8 = null,
};
