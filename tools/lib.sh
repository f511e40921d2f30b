# What do the scripts in tools/ share? What they need from apt, a scratch copy of
# the sources, the tarball and the installed package made from it, and how checks
# are counted. Sourced by the others, not run.
# shellcheck shell=bash
set -uo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$tools")
export LC_ALL=C.UTF-8 LANGUAGE=en TZ=UTC OMP_THREAD_LIMIT=2
if [[ -z ${BBB_DATA-} && -d $root/../shared/data ]]; then
  BBB_DATA=$(cd "$root/../shared/data" && pwd)
  export BBB_DATA
fi

# All that is written goes here. A script that another one runs shares its
# scratch directory, so that nothing is built twice.
if [[ -n ${BBB_SCRATCH-} ]]; then
  scratch=$BBB_SCRATCH
else
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  export BBB_SCRATCH=$scratch
fi

# ---- what is needed ----

for_install=(r-base-core gcc libc6-dev make)
for_build=("${for_install[@]}" r-cran-knitr r-cran-rmarkdown r-cran-mass
  r-cran-survival)
for_tests=("${for_build[@]}" r-cran-testthat r-cran-future r-cran-recipes
  r-cran-matrix r-cran-lubridate r-cran-mgcv r-cran-units)

# need PACKAGE...: install those Debian packages that are missing.
need() {
  local package missing=()
  command -v dpkg-query >/dev/null || return 0
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
      grep -q ' installed$' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "# installing ${missing[*]}; on a bare machine this takes some minutes"
  if ((EUID)); then
    echo "Run this as root, or install these packages first."
    exit 1
  fi
  if [[ ! -e $scratch/updated ]]; then
    apt-get update >"$scratch/apt" 2>&1 || tail -n 5 "$scratch/apt"
    touch "$scratch/updated"
  fi
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y \
    --no-install-recommends "${missing[@]}" >"$scratch/apt" 2>&1; then
    tail -n 20 "$scratch/apt"
    echo "apt-get could not install what is needed."
    exit 1
  fi
}

# ---- the package, once a scratch directory ----

# A copy of the sources as they are now, committed or not, in $scratch/bbb.
copy_sources() {
  local here=(git -c safe.directory="$root" -C "$root")
  [[ -d $scratch/bbb ]] && return
  mkdir "$scratch/bbb"
  if "${here[@]}" rev-parse --git-dir >/dev/null 2>&1; then
    "${here[@]}" ls-files -z --cached --others --exclude-standard |
      (cd "$root" && while IFS= read -r -d '' file; do
        [[ -e $file ]] && printf '%s\0' "$file"
      done) | sort -zu |
      tar -C "$root" --null --files-from=- -cf - | tar -C "$scratch/bbb" -xf -
  else
    cp -R "$root/." "$scratch/bbb"
  fi
}

# The tarball of `R CMD build`, $scratch/bbb_<version>.tar.gz.
build_tarball() {
  copy_sources
  compgen -G "$scratch/bbb_*.tar.gz" >/dev/null && return
  [[ -e $scratch/unbuilt ]] && echo "R CMD build failed." && return 1
  (cd "$scratch" && R CMD build bbb) || { touch "$scratch/unbuilt" && return 1; }
}

# The package, installed in $scratch/library.
install_package() {
  [[ -d $scratch/library/bbb ]] && return
  build_tarball || return
  mkdir -p "$scratch/library"
  R CMD INSTALL -l "$scratch/library" "$scratch"/bbb_*.tar.gz
}

# install_for_use [TARBALL]: the package, from the sources if no tarball is named, where
# R finds it in every session: in the first library that may be written to, or else in
# the user's own, which is made.
install_for_use() {
  local library
  copy_sources
  library=$(Rscript --vanilla -e 'all <- .libPaths()
    own <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep)[[1L]][1L]
    cat(c(all[file.access(all, 2L) == 0L], path.expand(own))[1L])') || return
  mkdir -p "$library" && R CMD INSTALL -l "$library" "${1-$scratch/bbb}"
}

# ---- limits ----

# limited SECONDS COMMAND...: no process of it may take more CPU seconds than that. The
# clock is no limit, since a machine may be busy, but for an hour, which is for a process
# that waits for ever. Says why, where it ends the command.
limited() {
  local status limit=$1
  shift
  (ulimit -S -t "$limit" && exec timeout 3600 "$@")
  status=$?
  case $status in
    124) echo "It did not end within an hour." ;;
    137 | 152) echo "It took more than $limit s of CPU." ;;
  esac
  return "$status"
}

# ---- counting ----

passed=0 failed=0 note=

ok() {
  passed=$((passed + ${2-1}))
  echo "ok - $1"
}

not_ok() {
  failed=$((failed + ${2-1}))
  echo "not ok - $1"
}

# check NAME COMMAND...: one line, and the command's output where it fails. The
# command may leave something to say beside the name in `note`.
check() {
  local name=$1 out=$scratch/output-$$
  shift
  note=
  if "$@" >"$out" 2>&1; then
    ok "$name${note:+: $note}"
  else
    not_ok "$name${note:+: $note}"
    show "$out"
  fi
}

# show FILE: its start and its end, where it is long.
show() {
  cat -s "$1" | awk '{ line[NR] = $0 }
    END { for (i = 1; i <= NR; i++) {
            if (i <= 60 || i > NR - 60) print "    " line[i]
            else if (i == 61) print "    ..." } }'
}

# The last line of every script.
finish() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
  exit
}
