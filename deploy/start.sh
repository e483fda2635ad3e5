#!/bin/sh
# Start the service from where it is installed, writing only under ALLO_VAR, ALLO_MODELS and ALLO_PROJECT.
# The first time, the working content is copied from the installed one, and a first release is trained.
set -eu
cd "$(dirname "$0")/.."
: "${ALLO_VAR:?}" "${ALLO_MODELS:?}" "${ALLO_PROJECT:?}"
umask 077
mkdir -p "$ALLO_VAR" "$ALLO_MODELS" "$ALLO_PROJECT/tests"
# What staff edit is theirs: it is never replaced. Copied aside first: a start that is cut leaves no half of it.
for part in data tests/questions; do
    if [ ! -e "$ALLO_PROJECT/$part" ]; then
        rm -rf "$ALLO_PROJECT/$part.new"
        cp -R "$part" "$ALLO_PROJECT/$part.new"
        mv "$ALLO_PROJECT/$part.new" "$ALLO_PROJECT/$part"
    fi
done
# What must fit the code comes with it.
cp config.yml domain.yml "$ALLO_PROJECT/"
.venv/bin/python -m training --models "$ALLO_MODELS" --project "$ALLO_PROJECT" prepare
exec .venv/bin/python -m gateway
