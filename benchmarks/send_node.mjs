// The same exchange as in `send.cpp` by the official Node SDK of Lark and Feishu, as its documentation uses it.
//
//   node send_node.mjs PORT tls|plain COUNT IN_FLIGHT
//
// It looks for the SDK beside itself; for TLS, NODE_EXTRA_CA_CERTS names the authority. Prints one line of JSON.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
import { randomUUID } from 'node:crypto';
import dns from 'node:dns';

import * as sdk from '@larksuiteoapi/node-sdk';

const [port, scheme, count, inFlight] = process.argv.slice(2);
const text = process.env.TIDINGS_TEXT;
const silence = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
dns.setDefaultResultOrder('ipv4first');

const client = new sdk.Client({
    appId: 'cli_9f427eec54ae901b',
    appSecret: 'bE9vJ5rKm2sT8wXzQ4nLc7dFhA1gUyPi',
    domain: `${scheme === 'tls' ? 'https' : 'http'}://localhost:${port}`,
    logger: silence,
});

const warmUp = Math.min(20 * inFlight, 640);
const total = warmUp + Number(count);
let started = 0;
let done = 0;
let begin;
let end;
const now = () => ({ cpu: process.cpuUsage(), wall: process.hrtime.bigint() });

async function sendUntilAllAreSent() {
    while (started < total) {
        started += 1;
        const answer = await client.im.message.create({
            params: { receive_id_type: 'user_id' },
            data: { receive_id: '7be5fg9a', msg_type: 'text', content: JSON.stringify({ text }), uuid: randomUUID() },
        });
        if (answer.code !== 0 || !answer.data.message_id) throw new Error('an unexpected reply');
        done += 1;
        if (done === warmUp) begin = now();
        if (done === total) end = now();
    }
}

await Promise.all(Array.from({ length: Number(inFlight) }, sendUntilAllAreSent));
const user = ((end.cpu.user - begin.cpu.user) * 1000) / count;
const system = ((end.cpu.system - begin.cpu.system) * 1000) / count;
console.log(JSON.stringify({
    cpu_ns: user + system,
    wall_ns: Number(end.wall - begin.wall) / count,
    user_ns: user,
    system_ns: system,
    messages: Number(count),
    max_rss_kb: process.resourceUsage().maxRSS,
}));
process.exit(0);
