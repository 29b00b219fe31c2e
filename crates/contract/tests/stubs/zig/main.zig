//! Looks at every declaration, then reads a request and writes it again.

const std = @import("std");
const contracts = @import("contracts");
const samples = @import("samples");
const attacks = @import("attacks");

fn lookAt(comptime file: type) void {
    @setEvalBranchQuota(100_000);
    inline for (comptime std.meta.declarations(file)) |declaration| {
        const is_name = @TypeOf(declaration) == [:0]const u8;
        const value = @field(file, if (is_name) declaration else declaration.name);
        if (@TypeOf(value) == type and @typeInfo(value) == .@"struct") {
            const empty: value = .{};
            std.mem.doNotOptimizeAway(&empty);
        }
    }
}

pub fn main() !void {
    lookAt(contracts);
    lookAt(samples);
    lookAt(attacks);
    const memory = std.heap.page_allocator;
    const text = @embedFile("request.json");
    const request = try std.json.parseFromSlice(samples.SaveEverything, memory, text, .{});
    const write = if (@hasDecl(std.json, "Stringify"))
        std.json.Stringify.valueAlloc
    else
        std.json.stringifyAlloc;
    const written = try write(memory, request.value, .{ .emit_null_optional_fields = false });
    std.debug.print("{s}", .{written});
}
