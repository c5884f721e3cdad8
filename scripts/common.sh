# Shared by the scripts beside it; sourced, never run. Works from any current directory.

root="$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)"
jobs="$(nproc)"

# All talk goes to stderr: stdout belongs to the program.
say() { printf '%s\n' "$*" >&2; }

fail() {
    say "${0##*/}: $*"
    exit 1
}

# Holds the lock of one build folder until the calling shell (or subshell) ends, so that two calls never build at once.
lock_build() {
    local folder="$root/build/$1"
    mkdir -p "$folder"
    exec 9>"$folder/.lock"
    if ! flock --nonblock 9; then
        say "waiting for another build of build/$1 ..."
        flock 9
    fi
}

# Runs a command with its output in a log: shown live on a terminal, else only when the command fails.
# Nobody else may inherit the lock: ccache and others leave processes behind.
run_logged() {
    local log="$1"
    shift
    if [[ -t 2 ]]; then
        "$@" 9>&- </dev/null >&2
    elif ! "$@" 9>&- </dev/null >"$log" 2>&1; then
        tail -n 100 "$log" >&2
        say "(whole log: ${log#"$root"/})"
        return 1
    fi
}

configure() {
    local preset="$1"
    # build.ninja is written last, so it is missing after a configure step that failed or was stopped.
    if [[ ! -f "$root/build/$preset/build.ninja" ]]; then
        (cd "$root" && run_logged "$root/build/$preset/configure.log" cmake --preset "$preset") ||
            fail "configuring build/$preset failed"
    fi
}

# build PRESET [TARGET...]
build() {
    local preset="$1"
    shift
    run_logged "$root/build/$preset/build.log" \
        env NINJA_STATUS="[%f/%t %es] " ninja -C "$root/build/$preset" -j "$jobs" "$@" ||
        fail "building build/$preset failed"
}
