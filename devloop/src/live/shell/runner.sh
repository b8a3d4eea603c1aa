#!/bin/sh
# The runner of an image with a shell and no Node: PID 1, which starts the program and starts it anew when it ends on
# agent.sh's request. No signal is taken from the program for that: the agent leaves a note and ends the program itself.
# Variables are named so that they are none of the program's.

devloop_run=${DEVLOOP_RUN:-/.devloop/run}
devloop_ending=
set -f

# Sets devloop_value to the text of a word of the protocol.
devloop_decode() {
  case $1 in
    %) devloop_value= ;;
    # The point keeps newlines at the end.
    *\\*) devloop_value=$(printf '%b.' "$1") && devloop_value=${devloop_value%.} ;;
    *) devloop_value=$1 ;;
  esac
}

# The program: the words of the image's entrypoint, then the container's arguments or those of the image's command.
if [ $# = 0 ]; then
  for devloop_word in $DEVLOOP_CMD; do
    devloop_decode "$devloop_word"
    set -- "$@" "$devloop_value"
  done
fi
devloop_count=$#
for devloop_word in $DEVLOOP_ENTRYPOINT; do
  devloop_decode "$devloop_word"
  set -- "$@" "$devloop_value"
done
while [ "$devloop_count" -gt 0 ]; do
  devloop_value=$1
  shift
  set -- "$@" "$devloop_value"
  devloop_count=$((devloop_count - 1))
done
set +f
unset DEVLOOP_ENTRYPOINT DEVLOOP_CMD DEVLOOP_IMAGE DEVLOOP_TOKEN DEVLOOP_RUN
if [ $# = 0 ]; then
  echo 'devloop: the image names no program to run: it has neither ENTRYPOINT nor CMD, and the pod gives no args' >&2
  exit 127
fi

# A background job of a shell ignores SIGINT and SIGQUIT; only GNU's env can undo that for the program.
case $1 in
  *=*) ;;
  *) ! env --default-signal=INT,QUIT true 2>/dev/null || set -- env --default-signal=INT,QUIT "$@" ;;
esac

devloop_forward() {
  devloop_signalled=1
  [ -z "$!" ] || kill -s "$1" "$!" 2>/dev/null
}
for devloop_signal in INT QUIT HUP USR1 USR2 WINCH; do
  # shellcheck disable=SC2064
  trap "devloop_forward $devloop_signal" "$devloop_signal"
done
# Without its note, agent.sh gives the program the time that Kubernetes gives it.
trap 'devloop_ending=1; rm -f "$devloop_run/restart"; devloop_forward TERM' TERM

# Sets devloop_code to the program's exit code. A signal ends `wait` before the program ends; 127 says that an earlier
# `wait` has had the code. What it would say of a signal is not the program's output.
devloop_wait() {
  devloop_code=
  while :; do
    devloop_signalled=
    wait "$!" 2>/dev/null
    devloop_now=$?
    [ "$devloop_now" = 127 ] && [ -n "$devloop_code" ] && return
    devloop_code=$devloop_now
    [ -n "$devloop_signalled" ] || return
  done
}

# True for a running process of this one's group. $1: its id, $2: its line in /proc, proc(5).
devloop_is_left() {
  devloop_value=$1
  # shellcheck disable=SC2086
  set -- ${2##*) }
  [ "$1" != Z ] && [ "$3" = "$$" ] && [ "$devloop_value" != "$$" ]
}

# Kills what the program has left running. In a group that somebody else leads nothing is ours.
devloop_end_leftovers() {
  devloop_count=0
  while [ "$devloop_count" -lt 200 ]; do
    devloop_found=
    for devloop_stat in /proc/[0-9]*/stat; do
      { read -r devloop_line <"$devloop_stat"; } 2>/dev/null || continue
      devloop_pid=${devloop_stat#/proc/}
      devloop_pid=${devloop_pid%/stat}
      devloop_is_left "$devloop_pid" "$devloop_line" || continue
      kill -s KILL "$devloop_pid" 2>/dev/null && devloop_found=1
    done
    [ -n "$devloop_found" ] || return
    devloop_count=$((devloop_count + 1))
    sleep 0.01 2>/dev/null || sleep 1
  done
}

# Of another run of the container, where the folder has outlived it.
rm -f "$devloop_run/mark" "$devloop_run/restart" "$devloop_run/pid" 2>/dev/null
exec 3<&0
while :; do
  (exec "$@") <&3 3<&- &
  [ -z "$devloop_ending" ] || kill -s TERM "$!" 2>/dev/null
  # The agent looks for it. A folder that cannot be written is no harm to the program.
  { echo "$!" >"$devloop_run/pid"; } 2>/dev/null
  devloop_wait
  [ -z "$devloop_ending" ] && [ -e "$devloop_run/restart" ] || exit "$devloop_code"
  read -r devloop_value <"$devloop_run/restart" || :
  [ "$devloop_value" = "$!" ] || exit "$devloop_code"
  rm -f "$devloop_run/restart"
  devloop_end_leftovers
  [ -z "$devloop_ending" ] || exit "$devloop_code"
done
