exec "$root/usr/lib/jvm/default-java/bin/javac" "$@"
