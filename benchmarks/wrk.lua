-- The request of the other clients, for wrk, which sends the same key each time and only looks at the status.
--
-- Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
local file = assert(io.open(os.getenv("TIDINGS_BODY")))
wrk.method = "POST"
wrk.path = "/open-apis/im/v1/messages?receive_id_type=user_id"
wrk.body = file:read("*a")
wrk.headers["User-Agent"] = "tidings-benchmark"
wrk.headers["Accept"] = "application/json"
wrk.headers["Authorization"] = "Bearer t-g1044ghJRUIJJ5ELPOTAMTZ3GJUWOCTA"
wrk.headers["Content-Type"] = "application/json; charset=utf-8"

function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format('{"messages": %d, "wall_us": %d, "errors": %d}\n', summary.requests, summary.duration,
                           e.connect + e.read + e.write + e.status + e.timeout))
end
