<?php
// Just enough of the package `servicestack/client` for generated sources.
namespace ServiceStack;

interface IReturn { function createResponse(): mixed; }
interface IReturnVoid { function createResponse(): void; }
interface IGet {}
interface IPost {}
interface IPut {}
interface IPatch {}
interface IDelete {}

#[\Attribute]
class Returns { public function __construct(public string $type) {} }

class ByteArray implements \JsonSerializable
{
    public function __construct(public string $text = '') {}
    public function jsonSerialize(): mixed { return base64_encode(base64_decode($this->text, true)); }
}

class ResponseStatus implements \JsonSerializable
{
    public function fromMap($o): void {}
    public function jsonSerialize(): mixed { return new class() {}; }
}

class TypeContext
{
    public function __construct(public string $class, public array $genericArgs = []) {}
}

class JsonConverters
{
    public static function context(string $class, array $genericArgs = []): TypeContext
    {
        return new TypeContext($class, $genericArgs);
    }

    public static function from(TypeContext|string $type, mixed $value): mixed
    {
        if ($type instanceof TypeContext) {
            $entries = array_map(fn($entry) => self::from($type->genericArgs[1], $entry), $value);
            $keys = array_map(fn($key) => self::from($type->genericArgs[0], $key), array_keys($value));
            return array_combine($keys, $entries);
        }
        if (preg_match('/^List<(.*)>$/', $type, $parts)) {
            return self::fromArray($parts[1], $value);
        }
        return match ($type) {
            'bool', 'int', 'float', 'string' => $value,
            'ByteArray' => new ByteArray($value),
            default => self::object($type, $value),
        };
    }

    private static function object(string $type, mixed $value): mixed
    {
        $found = array_filter([$type, "ServiceStack\\$type", "dtos\\$type"], 'class_exists');
        $class = reset($found);
        if (enum_exists($class)) {
            return constant("$class::$value");
        }
        $object = new $class();
        $object->fromMap($value);
        return $object;
    }

    public static function fromArray(string $type, array $value): array
    {
        return array_map(fn($entry) => self::from($type, $entry), $value);
    }

    public static function to(TypeContext|string $type, mixed $value): mixed
    {
        return $value;
    }

    public static function toArray(string $type, array $value): array
    {
        return array_map(fn($entry) => self::to($type, $entry), $value);
    }
}
