#!/usr/bin/env bash
# Plays the entrypoint of PostgreSQL's official image: makes the database where there is none, runs what lies in its folder for
# new databases, and becomes the server. A first start that was cut off begins anew.
set -euo pipefail
programs=$POSTGRESQL_PROGRAMS
export PATH="$programs:$PATH"
# No file of the system is worth a second on every commit here: what the environment holds is gone with the machine anyway.
options=(-h "$POSTGRESQL_HOST" -c unix_socket_directories= -c fsync=off)

if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
  new="$PGDATA.new"
  rm -rf "$new"
  password=$(mktemp)
  printf '%s' "$POSTGRES_PASSWORD" >"$password"
  initdb --pgdata="$new" --username="$POSTGRES_USER" --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync
  rm -f "$password"
  export PGHOST=$POSTGRESQL_HOST PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD
  pg_ctl --pgdata="$new" --wait start --options="${options[*]}" --log=/dev/stderr
  if [[ ${POSTGRES_DB:-postgres} != postgres ]]; then
    psql --dbname=postgres --set=ON_ERROR_STOP=1 --set=db="$POSTGRES_DB" <<<'CREATE DATABASE :"db"'
  fi
  for script in "$POSTGRESQL_INIT"/*.sh; do
    if [[ -e $script ]]; then
      # As the image does with a file that is not executable.
      . "$script"
    fi
  done
  pg_ctl --pgdata="$new" --wait --mode=fast stop
  unset PGHOST PGUSER PGPASSWORD
  mv "$new" "$PGDATA"
fi

exec postgres -D "$PGDATA" "${options[@]}" "$@"
