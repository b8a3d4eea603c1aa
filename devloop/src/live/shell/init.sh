#!/bin/sh
# PID 1 of an image with Node and a shell: runs the runner, passes signals on, reaps what has lost its parent (Node does
# not), and ends with the runner's exit code. Variables are named so that they are none of the program's.

# A background job gets /dev/null as its input.
exec 3<&0

# They are meant for the program, whose environment the runner reads from this process: a shell drops names with dots.
unset NODE_OPTIONS
export DEVLOOP_INIT="$$"

devloop_forward() {
  devloop_signalled=1
  [ -z "$!" ] || kill -s "$1" "$!" 2>/dev/null
}
for devloop_signal in TERM INT QUIT HUP USR1 USR2 WINCH; do
  # shellcheck disable=SC2064
  trap "devloop_forward $devloop_signal" "$devloop_signal"
done

node "${0%/*}/runner.cjs" "$@" <&3 3<&- &
exec 3<&-

# A signal ends `wait` before the runner ends; 127 says that an earlier `wait` has had its exit code. What it would say of a signal is not the
# program's output.
devloop_code=
while :; do
  devloop_signalled=
  wait "$!" 2>/dev/null
  devloop_now=$?
  [ "$devloop_now" = 127 ] && [ -n "$devloop_code" ] && break
  devloop_code=$devloop_now
  [ -n "$devloop_signalled" ] || break
done
exit "$devloop_code"
