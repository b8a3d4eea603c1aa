#!/bin/sh
# Serves devloop's live protocol on stdin and stdout, in a container whose PID 1 is runner.sh. One request at a time.
# What runs in a loop uses builtins where it can: a fork costs more than a small file. Variables are named so that they
# are none of the commands that it runs.

devloop_run=${DEVLOOP_RUN:-/.devloop/run}
devloop_errors=$devloop_run/errors.$$
devloop_locale=${LC_ALL-unset}
export LC_ALL=C

# Sets devloop_value to the text of a word.
devloop_decode() {
  case $1 in
    %) devloop_value= ;;
    # The point keeps newlines at the end.
    *\\*) devloop_value=$(printf '%b.' "$1") && devloop_value=${devloop_value%.} ;;
    *) devloop_value=$1 ;;
  esac
}

# Writes a text as a word.
devloop_encode() {
  case $1 in
    '') printf %% ;;
    *[!\ -~]*) printf %s "$1" | od -v -b | sed 's/^[0-7]*//; s/  *\([0-7][0-7][0-7]\)/\\0\1/g' | tr -d '\n' ;;
    *[!A-Za-z0-9._/:@+,=-]*)
      devloop_rest=$1
      while [ -n "$devloop_rest" ]; do
        devloop_tail=${devloop_rest#?}
        devloop_char=${devloop_rest%"$devloop_tail"}
        case $devloop_char in
          [A-Za-z0-9._/:@+,=-]) printf %s "$devloop_char" ;;
          *) printf '\\0%03o' "'$devloop_char" ;;
        esac
        devloop_rest=$devloop_tail
      done
      ;;
    *) printf %s "$1" ;;
  esac
}

# Sets devloop_time to hundredths of a second since the machine started.
devloop_clock() {
  devloop_time=0
  { read -r devloop_up devloop_rest </proc/uptime; } 2>/dev/null || return 0
  devloop_time=${devloop_up%.*}${devloop_up#*.}
}

# Answers the request: `ok`, the time, and words that are encoded already.
devloop_ok() {
  devloop_clock
  printf '%s\n' "$devloop_id ok $(((devloop_time - devloop_start) * 10))$*"
}

# Answers the request: `no`. $1: what the tools said.
devloop_no() {
  case $1 in
    *'Permission denied'*) devloop_code=EACCES ;;
    *'Operation not permitted'*) devloop_code=EPERM ;;
    *'Read-only file system'*) devloop_code=EROFS ;;
    *'No space left'*) devloop_code=ENOSPC ;;
    *'No such file'* | *onexistent*) devloop_code=ENOENT ;;
    *'busy'*) devloop_code=EBUSY ;;
    *'Not a directory'*) devloop_code=ENOTDIR ;;
    *'Is a directory'*) devloop_code=EISDIR ;;
    *'name too long'*) devloop_code=ENAMETOOLONG ;;
    *) devloop_code=FAILED ;;
  esac
  case $devloop_code in
    EACCES | EPERM) devloop_text="$1; the container runs as user $(id -u)" ;;
    *) devloop_text=$1 ;;
  esac
  printf '%s no %s ' "$devloop_id" "$devloop_code"
  devloop_encode "$devloop_text"
  echo
}

# Answers with what the last tool has written to the file of errors.
devloop_answer() {
  if [ "$1" = 0 ]; then
    devloop_ok
    return
  fi
  devloop_line=
  { read -r devloop_line <"$devloop_errors"; } 2>/dev/null
  devloop_no "${devloop_line:-it failed}"
}

# Sets devloop_path; one that is relative starts where the program starts, as this shell does.
devloop_locate() {
  devloop_decode "$1"
  case $devloop_value in
    '' | / | // | /. | . | ./) exit 1 ;;
    /*) devloop_path=$devloop_value ;;
    *) devloop_path=./$devloop_value ;;
  esac
}

# Makes the folders above devloop_path; a file that stands where a folder is needed goes.
devloop_make_above() {
  devloop_above=${devloop_path%/*}
  [ -n "$devloop_above" ] && ! [ -d "$devloop_above" ] || return 0
  mkdir -p "$devloop_above" 2>/dev/null && return
  devloop_rest=$devloop_above
  while [ -n "$devloop_rest" ] && [ "$devloop_rest" != . ]; do
    if [ -e "$devloop_rest" ] || [ -L "$devloop_rest" ]; then
      [ -d "$devloop_rest" ] || rm -f "$devloop_rest" 2>/dev/null
    fi
    [ "${devloop_rest%/*}" != "$devloop_rest" ] || break
    devloop_rest=${devloop_rest%/*}
  done
  mkdir -p "$devloop_above"
}

# Copies exactly $1 bytes of stdin to stdout, or reads them all when they cannot be written.
devloop_copy() {
  if [ "$1" = 0 ]; then
    return 0
  elif [ "$1" -le 1048576 ]; then
    dd bs="$1" count=1 iflag=fullblock status=none
  else
    {
      dd bs=1048576 count="$(($1 / 1048576))" iflag=fullblock status=none
      [ "$(($1 % 1048576))" = 0 ] || dd bs="$(($1 % 1048576))" count=1 iflag=fullblock status=none
    } | {
      cat
      devloop_code=$?
      [ "$devloop_code" = 0 ] || cat >/dev/null
      exit "$devloop_code"
    }
  fi
}

# Opens devloop_path as fd 4 to be written from its start. $1: its mode. Sets devloop_chmod when the mode must be set
# at the end: the shell makes no file that can be executed.
devloop_open() {
  devloop_chmod=
  if [ -L "$devloop_path" ] || { [ -e "$devloop_path" ] && ! [ -f "$devloop_path" ]; }; then
    rm -rf "$devloop_path" || return
  fi
  devloop_make_above || return
  if [ -e "$devloop_path" ]; then
    # In place, so that watchers of the file see it change.
    chmod "$1" "$devloop_path" && command exec 4>"$devloop_path" && return
    rm -f "$devloop_path" 2>/dev/null || return
  fi
  case $1 in
    644) umask 022 ;;
    664) umask 002 ;;
    600) umask 077 ;;
    *) devloop_chmod=$1 ;;
  esac
  command exec 4>"$devloop_path"
}

devloop_file() {
  devloop_locate "$3"
  case $1$2 in *[!0-9]*) exit 1 ;; esac
  { devloop_open "$1"; } 2>"$devloop_errors"
  devloop_status=$?
  umask "$devloop_umask"
  if [ "$devloop_status" != 0 ]; then
    # What follows these bytes is the next request.
    devloop_copy "$2" >/dev/null 2>&1
  else
    devloop_copy "$2" >&4 2>"$devloop_errors"
    devloop_status=$?
    exec 4>&-
    if [ "$devloop_status" = 0 ] && [ -n "$devloop_chmod" ]; then
      chmod "$1" "$devloop_path" 2>"$devloop_errors"
      devloop_status=$?
    fi
  fi
  devloop_answer "$devloop_status"
}

devloop_link() {
  devloop_locate "$1"
  devloop_decode "$2"
  { devloop_make_above && rm -rf "$devloop_path" && ln -s -- "$devloop_value" "$devloop_path"; } 2>"$devloop_errors"
  devloop_answer $?
}

devloop_delete() {
  devloop_locate "$1"
  rm -rf "$devloop_path" 2>"$devloop_errors"
  devloop_answer $?
}

devloop_digest() {
  devloop_locate "$1"
  if [ -L "$devloop_path" ]; then
    devloop_value=$(readlink -n "$devloop_path" && printf .)
    devloop_ok " link $(devloop_encode "${devloop_value%.}")"
  elif [ -d "$devloop_path" ]; then
    devloop_ok ' folder'
  elif ! [ -e "$devloop_path" ]; then
    devloop_ok ' missing'
  elif devloop_text=$({ stat -c %a "$devloop_path" && sha256sum <"$devloop_path"; } 2>"$devloop_errors"); then
    devloop_text=$(echo $devloop_text)
    devloop_ok " file ${devloop_text%% -}"
  else
    devloop_answer 1
  fi
}

# Runs a command with the program's environment. Its words stand in the arguments, encoded.
devloop_command() {
  devloop_count=$#
  while [ "$devloop_count" -gt 0 ]; do
    devloop_decode "$1"
    shift
    set -- "$@" "$devloop_value"
    devloop_count=$((devloop_count - 1))
  done
  {
    devloop_code=$(
      {
        {
          (
            if [ "$devloop_locale" = unset ]; then unset LC_ALL; else LC_ALL=$devloop_locale; fi
            unset DEVLOOP_ENTRYPOINT DEVLOOP_CMD DEVLOOP_IMAGE DEVLOOP_TOKEN DEVLOOP_RUN
            exec "$@" </dev/null 3>&- 4>&-
          )
          echo $? >&4
        } 2>&1 | devloop_lines >&3
      } 4>&1
    )
  } 3>&1
  devloop_ok " $devloop_code"
}

# Answers each line of stdin with `line`; a long one is cut.
devloop_lines() {
  while IFS= read -r devloop_line || [ -n "$devloop_line" ]; do
    if [ "${#devloop_line}" -gt 2000 ]; then
      printf '%s\n' "$devloop_line" | fold -b -w 2000 | devloop_lines
      continue
    fi
    printf '%s line ' "$devloop_id"
    devloop_encode "$devloop_line"
    echo
  done
}

# Leaves a note for PID 1 and ends the program; PID 1 starts it anew then.
devloop_restart() {
  read -r devloop_pid <"$devloop_run/pid"
  echo "$devloop_pid" >"$devloop_run/restart"
  # One that has just ended has ended for another client's restart, or its end is that of the container.
  if ! kill -s TERM "$devloop_pid" 2>"$devloop_errors" && [ -d "/proc/$devloop_pid" ]; then
    rm -f "$devloop_run/restart"
    devloop_answer 1
    return
  fi
  devloop_clock
  devloop_since=$devloop_time
  devloop_killed=
  devloop_now=$devloop_pid
  while [ "$devloop_now" = "$devloop_pid" ] || [ -z "$devloop_now" ]; do
    devloop_clock
    # Without its note, the container is ending: the program then has all the time that it is given.
    if [ -z "$devloop_killed" ] && [ "$((devloop_time - devloop_since))" -ge 300 ] && [ -e "$devloop_run/restart" ]; then
      devloop_killed=1
      kill -s KILL "$devloop_pid" 2>/dev/null
    fi
    sleep 0.01 2>/dev/null || sleep 1
    devloop_now=
    read -r devloop_now <"$devloop_run/pid"
  done
  devloop_ok
}

IFS=' ' read -r devloop_hello devloop_version devloop_image devloop_token || exit 0
devloop_refused=
{ true >"$devloop_errors"; } 2>/dev/null && [ -s "$devloop_run/pid" ] || devloop_refused=folder
[ "$devloop_image" = "${DEVLOOP_IMAGE:-%}" ] || devloop_refused=image
[ -z "$DEVLOOP_TOKEN" ] || [ "$devloop_token" = "$DEVLOOP_TOKEN" ] || devloop_refused=token
[ "$devloop_hello $devloop_version" = 'hello 1' ] || devloop_refused=version
if [ -n "$devloop_refused" ]; then
  echo "refused $devloop_refused"
  exit 0
fi
trap 'rm -f "$devloop_errors"' EXIT
devloop_mark=%
{ read -r devloop_mark <"$devloop_run/mark"; } 2>/dev/null
printf '%s\n' "hello 1 shell ${devloop_mark:-%}"
devloop_umask=$(umask)

set -f
while IFS= read -r devloop_line; do
  devloop_clock
  devloop_start=$devloop_time
  # shellcheck disable=SC2086
  set -- $devloop_line
  devloop_id=$1
  devloop_kind=$2
  shift 2
  case $devloop_kind in
    file) devloop_file "$1" "$2" "$3" ;;
    link) devloop_link "$1" "$2" ;;
    delete) devloop_delete "$1" ;;
    digest) devloop_digest "$1" ;;
    run) devloop_command "$@" ;;
    restart) devloop_restart ;;
    listening) devloop_ok ' unknown' ;;
    mark)
      { printf '%s\n' "$1" >"$devloop_run/mark"; } 2>"$devloop_errors"
      devloop_answer $?
      ;;
    ping) devloop_ok ;;
    *) exit 1 ;;
  esac
done
