# Named by its version; there is one.
exec "$root"/usr/bin/php[0-9]* "$@"
