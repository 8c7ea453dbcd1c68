"""Lark, Feishu, DingTalk and WeCom as their documents describe them, for the calls that messages to people need."""
import json
import urllib.parse

from strict_peer import PEOPLE, Refusal, StrictPeer

ROBOT_MESSAGES = {
    "sampleText": {"content"}, "sampleMarkdown": {"title", "text"}, "sampleLink": {"title", "text", "picUrl", "messageUrl"},
    "sampleActionCard": {"title", "text", "singleTitle", "singleURL"}}
WECOM_MESSAGES = {"text": {"content": 2048}, "markdown": {"content": 2048},
                  "textcard": {"title": 128, "description": 512, "url": 2048, "btntxt": 12}}


class Lark(StrictPeer):
    app_id = "cli_1111222233334444"
    token_begins = "t-"
    json_type = "application/json; charset=utf-8"
    host = "open.larksuite.com"

    def answer(self, call, query, headers, body, raw):
        def refuse(code, text, status=400, **more):
            raise Refusal(status, {"code": code, "msg": text} | more)

        def need(*scopes):
            if not self.scopes & set(scopes):
                refuse(99991672, f"Access denied. One of the following scopes is required: [{', '.join(scopes)}]", error={
                    "permission_violations": [{"type": "action_scope_required", "subject": scope} for scope in scopes],
                    "helps": [{"url": f"https://{self.host}/app/{self.app_id}/auth?q={','.join(scopes)}"}]})

        if call == "POST /open-apis/auth/v3/tenant_access_token/internal":
            self.expect(not query and "Authorization" not in headers, "no query, no Authorization")
            self.members(body, {"app_id": str, "app_secret": str})
            if body != {"app_id": self.app_id, "app_secret": self.secret}:
                refuse(10014, "app secret invalid" if body["app_id"] == self.app_id else "app id not exists", 200)
            return {"code": 0, "expire": 7200, "msg": "ok", "tenant_access_token": self.token}
        self.expect(headers.get("Authorization", "").startswith("Bearer t-"), "a tenant's token")
        if headers["Authorization"] != f"Bearer {self.token}":
            refuse(99991663, "Invalid access token for authorization. Please make a request with token attached.")
        if not self.trusted:
            refuse(99991401, "ip 203.0.113.9 is denied by app setting")
        if call == "POST /open-apis/contact/v3/users/batch_get_id":
            need("contact:user.id:readonly")
            self.members(query, {}, {"user_id_type": str})
            self.expect(query.get("user_id_type", "open_id") == "open_id", "open ids")
            self.members(body, {}, {"emails": list, "mobiles": list, "include_resigned": bool})
            asked = [("email", each) for each in body.get("emails", [])]
            asked += [("mobile", each) for each in body.get("mobiles", [])]
            self.expect(0 < len(asked) and all(type(each) is str for _, each in asked), "addresses are text")
            self.expect(not any(each.startswith("+86") for _, each in asked), "mainland numbers are written bare")
            found = {address: f"ou_{name:0>32}" for name in self.visible for address in PEOPLE[name]}
            return {"code": 0, "msg": "success", "data": {"user_list": [
                {kind: each} | ({"user_id": found[each]} if each in found else {}) for kind, each in asked]}}
        if call.startswith("GET /open-apis/contact/v3/users/"):
            need("contact:contact.base:readonly")
            self.members(query, {"user_id_type": str}, {"department_id_type": str})
            name = urllib.parse.unquote(call.rsplit("/", 1)[1])
            if name not in PEOPLE:
                refuse(41012, "user id invalid error")
            return {"code": 0, "msg": "success", "data": {"user": {"user_id": name, "open_id": f"ou_{name:0>32}"}}}
        if call == "POST /open-apis/im/v1/messages":
            need("im:message:send_as_bot")
            self.members(query, {"receive_id_type": str})
            self.expect(query["receive_id_type"] in ("open_id", "user_id", "email"), query["receive_id_type"])
            self.members(body, {"receive_id": str, "msg_type": str, "content": str}, {"uuid": str})
            self.expect(0 < len(body.get("uuid", "x")) <= 50, "uuid has at most 50 characters")
            self.expect(len(raw) <= (150000 if body["msg_type"] == "text" else 30000), "size")
            content = json.loads(body["content"])
            self.expect(body["msg_type"] in ("text", "post", "interactive"), body["msg_type"])
            if body["msg_type"] == "text":
                self.members(content, {"text": str})
            if not (self.bot and self.published):
                refuse(230006, "Bot ability is not activated.")
            name = body["receive_id"].removeprefix("ou_").lstrip("0").removesuffix("@example.com")
            if name not in PEOPLE:
                refuse(230001, "Your request contains an invalid request parameter, ext=invalid receive_id")
            if name not in self.visible:
                refuse(230013, "Bot has NO availability to this user.")
            return self.store(name, body["msg_type"], content, body.get("uuid"), lambda n: {
                "code": 0, "msg": "success", "data": {"message_id": f"om_{n:032x}", "chat_id": "oc_1"}})
        self.expect(call.startswith("GET ") and not body, "a call that the documents describe")
        if call == "GET /open-apis/bot/v3/info":
            if not self.bot:
                refuse(11205, "app do not have bot")
            return {"code": 0, "msg": "ok", "bot": {"activate_status": 2 if self.published else 0, "app_name": "Peer"}}
        if call == "GET /open-apis/application/v6/scopes":
            return {"code": 0, "msg": "success", "data": {"scopes": [
                {"scope_name": scope, "grant_status": 1} for scope in sorted(self.scopes)]}}
        self.expect(call == "GET /open-apis/contact/v3/scopes", "a call that the documents describe")
        return {"code": 0, "msg": "success", "data": {"department_ids": ["0"], "has_more": False}}


class Feishu(Lark):
    app_id = "cli_5555666677778888"
    host = "open.feishu.cn"


class DingTalk(StrictPeer):
    app_id = "dingpeer1"

    def answer(self, call, query, headers, body, raw):
        def refuse(code, text, status=400, **more):
            raise Refusal(status, {"code": code, "requestid": "01A08FE7", "message": text} | more)

        def old(code, text):
            raise Refusal(200, {"errcode": code, "errmsg": text, "request_id": "16l4ew3d47pdp"})

        if call == "POST /v1.0/oauth2/accessToken":
            self.members(body, {"appKey": str, "appSecret": str})
            if body != {"appKey": self.app_id, "appSecret": self.secret}:
                refuse("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
            return {"expireIn": 7200, "accessToken": self.token}
        if call == "POST /v1.0/robot/oToMessages/batchSend":
            if headers.get("x-acs-dingtalk-access-token") != self.token:
                refuse("InvalidAuthentication", "不合法的access_token")
            if not self.trusted:
                refuse("Forbidden.AccessDenied.IpNotInWhiteList", "访问ip不在白名单之中", 403)
            if "qyapi_robot_sendmsg" not in self.scopes:
                refuse("Forbidden.AccessDenied.AccessTokenPermissionDenied", "没有调用该接口的权限", 403,
                       accessdenieddetail={"requiredScopes": ["qyapi_robot_sendmsg"]})
            self.members(body, {"robotCode": str, "userIds": list, "msgKey": str, "msgParam": str})
            param = json.loads(body["msgParam"])
            self.members(param, dict.fromkeys(ROBOT_MESSAGES[body["msgKey"]], str))
            self.expect(len(body["msgParam"].encode()) <= 15000 and len(body["userIds"]) == 1, "size, one person")
            if body["robotCode"] != self.app_id:
                refuse("invalidParameter.robotCode.notExsit", "错误描述: robot 不存在；")
            if not (self.bot and self.published):
                refuse("template.stopped", "错误描述: 模板已停用；")
            name, = body["userIds"]
            if name not in PEOPLE:
                refuse("staffId.notExisted", "错误描述: staffId 不存在；")
            if name not in self.visible:
                refuse("robot.oto.notExist", "错误描述: 单聊会话不存在；")
            return self.store(name, body["msgKey"], param, answer=lambda n: {
                "flowControlledStaffIdList": [], "invalidStaffIdList": [], "processQueryKey": f"key{n}+/="})
        self.expect("x-acs-dingtalk-access-token" not in headers, "the older calls take the token in the query")
        self.members(query, {"access_token": str})
        if query["access_token"] != self.token:
            raise Refusal(200, {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "request_id": "1",
                                "errmsg": "ding talk error[subcode=40014,submsg=不合法的access_token]"})
        if not self.trusted:
            old(60020, "访问ip不在白名单之中，request ip=203.0.113.9 appKey\u0028x\u0029")
        scope = {"POST /topapi/v2/user/getbymobile": "qyapi_get_member_by_mobile",
                 "POST /topapi/v2/user/get": "qyapi_get_member",
                 "POST /topapi/v2/department/listsub": "qyapi_get_department_list",
                 "POST /topapi/v2/user/list": "qyapi_get_department_member"}.get(call)
        if scope and scope not in self.scopes:
            text = f"应用尚未开通所需的权限：[{scope}]"
            raise Refusal(200, {"errcode": 88, "sub_code": "60011", "sub_msg": text, "request_id": "1",
                                "errmsg": f"ding talk error[subcode=60011,submsg={text}]"})
        good = {"errcode": 0, "errmsg": "ok", "request_id": "1"}
        if call == "POST /topapi/v2/user/getbymobile":
            self.members(body, {"mobile": str}, {"support_exclusive_account_search": bool})
            for name in self.visible:
                if PEOPLE[name][0].replace("+65", "") == body["mobile"].replace("+65", "").lstrip("-"):
                    return good | {"result": {"userid": name}}
            old(60121, "找不到该用户")
        if call == "GET /auth/scopes":
            return good | {"auth_user_field": ["name", "email"], "condition_field": [],
                           "auth_org_scopes": {"authed_user": [], "authed_dept": [1]}}
        if call == "POST /topapi/v2/department/listsub":
            self.members(body, {"dept_id": int}, {"language": str})
            return good | {"result": []}
        if call == "POST /topapi/v2/user/list":
            self.members(body, {"dept_id": int, "cursor": int, "size": int}, {"language": str})
            self.expect(body["size"] <= 100, "at most 100")
            return good | {"result": {"has_more": False, "list": [
                {"userid": name, "name": name, "email": PEOPLE[name][1]} for name in sorted(self.visible)]}}
        if call == "POST /topapi/v2/user/get":
            self.members(body, {}, {"userid": str, "language": str, "login_id": str})
            if body["userid"] not in PEOPLE:
                old(33012, "无效的USERID")
            return good | {"result": {"userid": body["userid"]}}
        if call == "POST /topapi/message/corpconversation/asyncsend_v2":
            self.members(body, {"agent_id": int, "userid_list": str, "msg": dict}, {"to_all_user": bool})
            kind = body["msg"]["msgtype"]
            size = len(json.dumps(body["msg"], ensure_ascii=False, separators=(",", ":")).encode())
            self.expect(set(body["msg"]) == {"msgtype", kind} and size <= 2048, "the message")
            if body["agent_id"] != self.agent_id:
                old(40056, "不合法的agentid")
            return good | {"task_id": self.store(body["userid_list"], kind, body["msg"][kind], answer=lambda n: n)}
        self.members(body, {"agent_id": int, "task_id": int})
        if call.endswith("/corpconversation/getsendprogress"):
            return good | {"progress": {"progress_in_percent": 100, "status": 2}}
        self.expect(call.endswith("/corpconversation/getsendresult"), "a call that the documents describe")
        lists = dict.fromkeys(("invalid_user_id_list", "forbidden_user_id_list", "failed_user_id_list"), [])
        return good | {"send_result": lists | {"unread_user_id_list": [self.messages[body["task_id"] - 1]["to"]]}}


class WeCom(StrictPeer):
    app_id = "ww1111222233334444"

    def answer(self, call, query, headers, body, raw):
        def refuse(code, text, **more):
            raise Refusal(200, {"errcode": code, "errmsg": f"{text}, hint: [1686402237354], from ip: 203.0.113.9, "
                                f"https://open.work.weixin.qq.com/devtool/query?e={code}"} | more)

        self.expect("Authorization" not in headers, "the token is in the query")
        self.expect(b"\\u" not in raw, "raw UTF-8 (40033)")
        if call == "GET /cgi-bin/gettoken":
            self.members(query, {"corpid": str, "corpsecret": str})
            if query["corpid"] != self.app_id:
                refuse(40013, "invalid corpid")
            if query["corpsecret"] != self.secret:
                refuse(40001, "invalid credential")
            return {"errcode": 0, "errmsg": "ok", "access_token": self.token, "expires_in": 7200}
        if query["access_token"] != self.token:
            raise Refusal(200, {"errcode": 40014, "errmsg": "invalid access_token"})
        if not self.trusted:
            refuse(60020, "not allow to access from your ip")
        good = {"errcode": 0, "errmsg": "ok"}
        if call == "POST /cgi-bin/message/send":
            kind = body["msgtype"]
            self.members(body, {"touser": str, "msgtype": str, "agentid": int, kind: dict}, dict.fromkeys(
                ("safe", "enable_id_trans", "enable_duplicate_check", "duplicate_check_interval"), int))
            self.expect(body.get("duplicate_check_interval", 0) <= 14400, "at most 4 hours")
            if kind == "template_card":
                self.check_card(body[kind])
            else:
                self.expect(set(body[kind]) <= set(WECOM_MESSAGES[kind]), kind)
                for name, most in WECOM_MESSAGES[kind].items():
                    self.expect(0 < len(body[kind].get(name, "x").encode()) <= most, f"{name} has at most {most} bytes")
            if body["agentid"] != self.agent_id:
                refuse(301002, "not allow operate another agent with this accesstoken.")
            if body["touser"] not in self.visible:
                refuse(81013, "user & party & tag all invalid", invaliduser=body["touser"].lower())
            return self.store(body["touser"], kind, body[kind], raw if body.get("enable_duplicate_check") else None,
                              lambda n: good | {"msgid": f"msg{n}"})
        self.members(query, {"access_token": str}, {"userid": str, "id": str})
        if call == "GET /cgi-bin/department/simplelist":
            return good | {"department_id": [{"id": 1, "parentid": 0, "order": 1}]}
        if call == "POST /cgi-bin/user/getuserid":
            self.members(body, {"mobile": str})
            found = [name for name in self.visible if PEOPLE[name][0] == body["mobile"]]
        elif call == "POST /cgi-bin/user/get_userid_by_email":
            self.members(body, {"email": str}, {"email_type": int})
            personal = body.get("email_type", 1) == 2
            found = [name for name in self.visible if personal and PEOPLE[name][1] == body["email"]]
        else:
            self.expect(call == "GET /cgi-bin/user/get", "a call that the documents describe")
            found = self.visible & {query["userid"]} or refuse(60111, "userid not found")
        if not found:
            refuse(46004, "user no exist")
        return good | {"userid": list(found)[0]}

    def check_card(self, card):
        self.members(card, {"card_type": str, "main_title": dict, "card_action": dict}, {
            "source": dict, "sub_title_text": str, "horizontal_content_list": list, "jump_list": list})
        self.expect(card["card_type"] == "text_notice", "the others need a callback URL")
        self.expect(card["main_title"].get("title") or card.get("sub_title_text"), "a title or a text")
        action = card["card_action"]
        self.expect(action["type"] == 1 and action["url"].startswith("http"), "an action with a link")
        self.expect(len(card.get("horizontal_content_list", [])) <= 6, "at most 6 rows")
        self.expect(len(card.get("jump_list", [])) <= 3, "at most 3 links")
