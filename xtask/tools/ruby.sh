for folder in "$root"/usr/lib/ruby/[0-9]* "$root"/usr/lib/*/ruby/[0-9]*; do
    [ -d "$folder" ] && RUBYLIB=$RUBYLIB${RUBYLIB:+:}$folder
done
export RUBYLIB
for program in "$root"/usr/bin/ruby[0-9]*; do
    exec "$program" --disable-gems "$@"
done
