# SPDX-License-Identifier: GPL-2.0-or-later
# opsig in an image: docker build -t opsig . && docker run --rm -v "$PWD:/models:ro" opsig scan .
FROM debian:12-slim AS build
COPY . /opsig
WORKDIR /opsig
RUN scripts/install-deps.sh --build-only \
 && apt-get install -y --no-install-recommends dpkg-dev file \
 && cmake --workflow --preset package

FROM debian:12-slim
COPY --from=build /opsig/build/package/opsig_*.deb /tmp/
RUN apt-get update \
 && apt-get install -y --no-install-recommends /tmp/opsig_*.deb \
 && rm -rf /var/lib/apt/lists/* /tmp/opsig_*.deb
WORKDIR /models
ENTRYPOINT ["opsig"]
CMD ["help"]
