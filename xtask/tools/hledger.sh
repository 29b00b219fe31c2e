# In the plain locale it reads no letter that is not ASCII.
export LC_ALL=C.UTF-8
exec "$root/usr/bin/hledger" "$@"
