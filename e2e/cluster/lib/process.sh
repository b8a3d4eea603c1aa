# Long-lived processes of the cluster, kept by name. Needs: $state

say() { printf '[cluster] %s\n' "$*" >&2; }

start_time_of() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null; }

# A pid counts only while it still is the process that was started: after a reboot it may be another's.
alive() { # name
  local pid started
  [[ -f $state/run/$1 ]] && read -r pid started <"$state/run/$1" && [[ $(start_time_of "$pid") == "$started" ]]
}

spawn() { # name command...
  local name=$1
  shift
  alive "$name" && return 0
  mkdir -p "$state/run" "$state/log"
  setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null &
  echo "$! $(start_time_of $!)" >"$state/run/$name"
}

# Ends the process that this script started, and only that.
halt() { # name
  local pid _
  if alive "$1"; then
    read -r pid _ <"$state/run/$1"
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$state/run/$1"
}

until_ok() { # name command...: waits up to a minute for the command to succeed
  local name=$1 _
  shift
  for _ in $(seq 240); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.25
  done
  say "$name did not come up; see $state/log/$name.log"
  tail -5 "$state/log/$name.log" >&2
  exit 1
}
