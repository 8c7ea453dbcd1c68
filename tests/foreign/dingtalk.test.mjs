// The official Node SDK of DingTalk's new API against the sandbox program.
//
// TIDINGS_SANDBOX is the program. With --json it prints one line with {url, dingtalk: {url, app_key, app_secret,
// robot_code, agent_id}}, and serves until it is told to end.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import contact_sdk from '@alicloud/dingtalk/contact_1_0.js';
import oauth_sdk from '@alicloud/dingtalk/oauth2_1_0.js';
import robot_sdk from '@alicloud/dingtalk/robot_1_0.js';

const program = process.env.TIDINGS_SANDBOX;
assert.ok(program, 'TIDINGS_SANDBOX must name the sandbox program');

let sandbox;
let world;
let app;
let robot;
let token;

before(async () => {
    sandbox = spawn(program, ['--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
        once(createInterface({ input: sandbox.stdout }), 'line'),
        once(sandbox, 'exit').then(([status]) => assert.fail(`the sandbox ended at once, with ${status}`)),
    ]);
    world = JSON.parse(line);
    app = world.dingtalk;
    robot = client(robot_sdk);
    token = await fetch_token(app.app_key, app.app_secret);
});

after(async () => {
    if (sandbox.exitCode !== null)
        return;
    const ended = once(sandbox, 'exit');
    sandbox.kill('SIGTERM');
    await ended;
});

function client(sdk) {
    const { protocol, host } = new URL(app.url);
    return new sdk.default({ protocol: protocol.slice(0, -1), endpoint: host, regionId: 'central' });
}

async function fetch_token(appKey, appSecret) {
    const request = new oauth_sdk.GetAccessTokenRequest({ appKey, appSecret });
    const { body } = await client(oauth_sdk).getAccessToken(request);
    assert.equal(body.expireIn, 7200);
    return body.accessToken;
}

/** The SDK wants an object of its own for the headers of each call, and one for the runtime. */
async function call(name, members, access_token = token) {
    const [first, ...rest] = name;
    const type = first.toUpperCase() + rest.join('');
    const headers = new robot_sdk[`${type}Headers`]({ xAcsDingtalkAccessToken: access_token });
    const request = new robot_sdk[`${type}Request`](members);
    return (await robot[`${name}WithOptions`](request, headers, {})).body;
}

const send = (userIds, content = 'hello', more = {}) =>
    call('batchSendOTO', {
        robotCode: app.robot_code, userIds, msgKey: 'sampleText', msgParam: JSON.stringify({ content }), ...more,
    });
const status_of = (processQueryKey) => call('batchOTOQuery', { robotCode: app.robot_code, processQueryKey });

/** What the SDK throws when the platform answers with an HTTP error. */
async function refusal(promise) {
    const error = await promise.then(
        (answer) => assert.fail(`was accepted: ${JSON.stringify(answer)}`),
        (thrown) => thrown,
    );
    assert.ok(error.data?.statusCode, `not an answer of the platform: ${error.stack}`);
    return error;
}

async function ledger() {
    const answer = await fetch(`${world.url}/_sandbox/ledger`);
    return (await answer.json()).messages.filter((row) => row.provider === 'dingtalk');
}

test('a token is handed out again while it is valid', async () => {
    assert.match(token, /^[0-9a-f]{32}$/);
    assert.equal(await fetch_token(app.app_key, app.app_secret), token);
});

test('wrong credentials have the code that the documentation names', async () => {
    const error = await refusal(fetch_token(app.app_key, 'wrong'));
    assert.equal(error.code, 'invalidClientIdOrSecret');
    assert.equal(error.data.statusCode, 400);
});

test('the token is good for the old API, too', async () => {
    const answer = await fetch(`${app.url}/topapi/v2/user/getbymobile?access_token=${token}`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"mobile":"13011111111"}',
    });
    assert.deepEqual((await answer.json()).result, { userid: 'bob' });
});

test('people are found by name', async () => {
    const headers = new contact_sdk.SearchUserHeaders({ xAcsDingtalkAccessToken: token });
    const request = new contact_sdk.SearchUserRequest({ queryWord: 'Ada', offset: 0, size: 10, fullMatchField: 1 });
    const { body } = await client(contact_sdk).searchUserWithOptions(request, headers, {});
    assert.deepEqual({ ...body }, { hasMore: false, totalCount: 1, list: ['ada'] });
});

test('a message arrives, is read, and is recalled', async () => {
    const content = 'Build is green \u{1f7e2} "quoted"\n<b>';
    const sent = await send(['ada', 'bob'], content);
    assert.deepEqual(sent.invalidStaffIdList, []);
    assert.deepEqual(sent.flowControlledStaffIdList, []);
    const key = sent.processQueryKey;
    const rows = (await ledger()).filter((row) => row.message_id === key);
    assert.deepEqual(rows.map((row) => row.to), ['ada', 'bob']);
    assert.equal(JSON.parse(rows[0].content).content, content);

    const states = async () => (await status_of(key)).messageReadInfoList.map((entry) => [entry.userId, entry.readStatus]);
    assert.equal((await status_of(key)).sendStatus, 'SUCCESS');
    assert.deepEqual(await states(), [['ada', 'UNREAD'], ['bob', 'UNREAD']]);
    const read = await fetch(`${world.url}/_sandbox/read`, {
        method: 'POST', body: JSON.stringify({ message_id: key, login_name: 'bob' }),
    });
    assert.equal(read.status, 200);
    assert.deepEqual(await states(), [['ada', 'UNREAD'], ['bob', 'READ']]);

    const recalled = await call('batchRecallOTO', { robotCode: app.robot_code, processQueryKeys: [key] });
    assert.deepEqual(recalled.successResult, [key]);
    assert.equal((await status_of(key)).sendStatus, 'RECALLED');
    assert.ok((await ledger()).filter((row) => row.message_id === key).every((row) => row.recalled));
});

test('some unknown people are listed, a single one is refused', async () => {
    assert.deepEqual((await send(['nobody', 'chen'])).invalidStaffIdList, ['nobody']);
    const error = await refusal(send(['nobody']));
    assert.equal(error.code, 'staffId.notExisted');
    assert.equal(error.data.statusCode, 400);
});

test('the SDK understands the refusals of the gateway', async () => {
    const bad_token = await refusal(call('batchSendOTO', {}, 'made-up'));
    assert.equal(bad_token.code, 'InvalidAuthentication');
    assert.ok(bad_token.data.requestid);

    const powerless = await fetch_token('dingtidings0e01', 'ding-secret-0e01');
    const no_scope = await refusal(call('batchSendOTO', {}, powerless));
    assert.equal(no_scope.code, 'Forbidden.AccessDenied.AccessTokenPermissionDenied');
    assert.equal(no_scope.data.statusCode, 403);
    assert.deepEqual(no_scope.accessDeniedDetail.requiredScopes, ['qyapi_robot_sendmsg']);
});

test('what the SDK sends without a member is refused by name', async () => {
    const error = await refusal(call('batchSendOTO', { robotCode: app.robot_code, msgKey: 'sampleText', msgParam: '{}' }));
    assert.equal(error.code, 'MissinguserIds');
});

test('a group gets a message of the bot', async () => {
    const sent = await call('orgGroupSend', {
        robotCode: app.robot_code, openConversationId: 'cidtidings0718==', msgKey: 'sampleText', msgParam: '{"content":"hi"}',
    });
    const row = (await ledger()).find((entry) => entry.message_id === sent.processQueryKey);
    assert.equal(row.to, 'cidtidings0718==');
    assert.deepEqual(row.reached, ['ada', 'bob', 'chen']);
});

test('a message in a group is read, and recalled', async () => {
    const group = { robotCode: app.robot_code, openConversationId: 'cidtidings0718==' };
    const { processQueryKey } = await call('orgGroupSend', { ...group, msgKey: 'sampleText', msgParam: '{"content":"hi"}' });
    const readers = async () => ({ ...(await call('orgGroupQuery', { ...group, processQueryKey, maxResults: 50 })) });
    assert.deepEqual(await readers(), { sendStatus: 'SUCCESS', readUserIds: [], hasMore: false, nextToken: '' });
    await fetch(`${world.url}/_sandbox/read`, {
        method: 'POST', body: JSON.stringify({ message_id: processQueryKey, login_name: 'bob' }),
    });
    assert.deepEqual((await readers()).readUserIds, ['bob']);
    const recalled = await call('orgGroupRecall', { ...group, processQueryKeys: [processQueryKey] });
    assert.deepEqual(recalled.successResult, [processQueryKey]);
    assert.equal((await readers()).sendStatus, 'RECALLED');
});

test('a group without the bot refuses', async () => {
    const error = await refusal(call('orgGroupSend', {
        robotCode: app.robot_code, openConversationId: 'cidtidings0719==', msgKey: 'sampleText', msgParam: '{"content":"hi"}',
    }));
    assert.equal(error.code, 'invalidParameter.robotCode.notExsit');
});
