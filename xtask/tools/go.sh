GOROOT=$(cd "$root/usr/lib/go" && pwd -P)
export GOROOT
# The newest compiler is asked for nothing: what is compiled needs the standard library only.
export GOCACHE="${GOCACHE:-$root/cache}" GOPATH="${GOPATH:-$root/path}" GOTOOLCHAIN=local
exec "$GOROOT/bin/go" "$@"
