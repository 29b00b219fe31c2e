# Once there is an environment it is what everybody means.
program=$root/../python/bin/python
[ -x "$program" ] || program=$root/usr/bin/python3
exec "$program" "$@"
