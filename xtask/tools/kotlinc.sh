# Java is the system's, or the one that was unpacked in the folder beside this one.
unpacked=$root/../javac/usr/lib/jvm/default-java/bin/java
command -v java > /dev/null || JAVACMD=$unpacked
export JAVACMD JAVA_OPTS="${JAVA_OPTS:--Xmx768M}"
exec "$root/usr/bin/kotlinc" "$@"
