# Images that the cluster itself needs. Needs: $here $home $sock

make_images() {
  export DOCKER_HOST=unix://$sock
  docker image inspect devloop-cluster/pause:1 >/dev/null 2>&1 || make_pause
  "$here/base-images" "$home"
  unset DOCKER_HOST
}

# The container that holds a pod's network: a program that waits.
make_pause() {
  local work
  work=$(mktemp -d)
  echo 'int pause(void);int main(void){for(;;)pause();}' >"$work/pause.c"
  gcc -static -O2 -o "$work/pause" "$work/pause.c"
  tar -C "$work" -c pause | docker import -c 'ENTRYPOINT ["/pause"]' - devloop-cluster/pause:1 >/dev/null
  rm -rf "$work"
}
