<?php
// Makes one of every class, then reads a request from the input and writes it again.
error_reporting(E_ALL);
set_error_handler(fn($level, $message) => throw new ErrorException($message, 0, $level));
foreach (['ServiceStack', 'contracts', 'samples', 'attacks'] as $file) {
    require __DIR__ . "/$file.php";
}
foreach (get_declared_classes() as $class) {
    if (str_starts_with($class, 'dtos\\') && !enum_exists($class)) {
        $object = new $class();
        json_encode($object, JSON_THROW_ON_ERROR);
        if (method_exists($object, 'createResponse')) {
            $object->createResponse();
        }
    }
}
$request = new dtos\SaveEverything();
$request->fromMap(json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR));
echo json_encode($request, JSON_THROW_ON_ERROR);
