// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_CONTENT_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_CONTENT_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

[[noreturn]] inline void refuse_content(std::string const& why)
{
    refuse_parameter("invalid message content, " + why);
}

inline json::object const& content_object(json::value const& v, std::string_view msg_type)
{
    if (!v.is_object())
        refuse_content("content format of the " + std::string(msg_type) + " type is incorrect");
    return v.get_object();
}

// A string that must be there and not be empty.
inline std::string_view required_text(json::object const& o, std::string_view name, std::string const& otherwise)
{
    auto const* const v = o.if_contains(jview(name));
    if (!v || !v->is_string() || v->get_string().empty())
        refuse_content(otherwise);
    return view(v->get_string());
}

// Calls f(value of `attribute`, whole tag) for each `<at attribute="...">...</at>`, and puts what f returns in its
// place.
template<class F>
std::string replace_mentions(std::string_view text, std::string_view attribute, F const& f)
{
    std::string out;
    for (;;)
    {
        auto const open = text.find("<at ");
        auto const gt = text.find('>', open);
        if (open == std::string_view::npos || gt == std::string_view::npos)
            return out.append(text);
        auto head = text.substr(open, gt - open);
        auto const close = text.find("</at>", gt);
        auto const end = close == std::string_view::npos ? gt + 1 : close + 5;
        out.append(text.substr(0, open));
        std::string value;
        if (auto const at = head.find(std::string(attribute) + "="); at != std::string_view::npos)
        {
            head.remove_prefix(at + attribute.size() + 1);
            auto const quoted = head.starts_with('"') || head.starts_with('\'');
            value = quoted ? head.substr(1, head.find(head[0], 1) - 1) : head.substr(0, head.find_first_of(" /"));
        }
        out += f(value, text.substr(open, end - open));
        text.remove_prefix(end);
    }
}

// open_id, union_id or user_id, as the at tag allows.
inline person const* find_by_any_id(call const& c, std::string_view id)
{
    for (auto const* type : {"open_id", "union_id", "user_id"})
    {
        if (auto const found = find_by_id(c, type, id); found.user)
            return found.user;
    }
    return nullptr;
}

inline checked_content check_text(call const& c, json::object const& o, content_rules const&)
{
    auto const text = required_text(o, "text", "content format of the text type is incorrect");
    checked_content out;
    if (!c.caller) // a webhook: nothing is read back
        return out;
    auto const replaced = replace_mentions(text, "user_id", [&](std::string const& id, std::string_view tag) {
        if (id == "all")
            return std::string("@_all");
        auto const* const user = find_by_any_id(c, id);
        if (!user)
            return std::string(tag);
        auto const key = "@_user_" + std::to_string(out.mentions.size() + 1);
        out.mentions.push_back(json::object{{"key", jview(key)},
                                            {"id", jview(id_of(c, *user, "open_id"))},
                                            {"id_type", "open_id"},
                                            {"name", jview(user->name)},
                                            {"tenant_key", jview(c.caller->tenant_key)}});
        return key;
    });
    if (replaced != text)
        out.shown = compact(json::object{{"text", jview(replaced)}});
    return out;
}

// "must be legal or the send fails"
inline bool legal_href(std::string_view href)
{
    auto const scheme = href.find(':');
    auto const alpha = [](unsigned char ch) { return std::isalnum(ch) != 0; };
    return scheme != std::string_view::npos && scheme > 0 && scheme + 1 < href.size() &&
           std::all_of(href.begin(), href.begin() + static_cast<std::ptrdiff_t>(scheme), alpha) &&
           href.find_first_of(" \t\r\n") == std::string_view::npos;
}

struct post_tag
{
    std::string_view name;
    std::array<std::string_view, 2> required;
    bool alone = false;
};

inline constexpr post_tag post_tags[]{{"text", {"text"}},
                                      {"a", {"text", "href"}},
                                      {"at", {"user_id"}},
                                      {"img", {"image_key"}},
                                      {"media", {"file_key"}, true},
                                      {"emotion", {"emoji_type"}},
                                      {"code_block", {"text"}},
                                      {"hr", {}},
                                      {"md", {"text"}, true}};

inline void check_post_node(call const& c, json::value const& v, std::size_t in_paragraph, content_rules const& rules)
{
    auto const& node = content_object(v, "post");
    auto const tag = required_text(node, "tag", "wrong tag");
    auto const* const known =
        std::find_if(std::begin(post_tags), std::end(post_tags), [&](post_tag const& t) { return t.name == tag; });
    // The md tag is not for webhooks and batch sends.
    if (known == std::end(post_tags) || (tag == "md" && !rules.style_tags))
        refuse_content("wrong tag: " + std::string(tag));
    for (auto const name : known->required)
        if (!name.empty())
            required_text(node, name,
                          std::string(tag) + " tag's required field " + std::string(name) + " can't be nil");
    if (known->alone && in_paragraph != 1)
        refuse_content("the " + std::string(tag) + " tag must be alone in its paragraph");
    auto const text_of = [&](char const* name) { return view(node.at(name).as_string()); };
    if (tag == "a" && !legal_href(text_of("href")))
        refuse_content("validate content fail: href");
    if (tag == "img")
        check_resource(c, text_of("image_key"), "image", "image");
    if (tag == "media")
        check_resource(c, text_of("file_key"), "file", "media");
    if (tag == "md" && c.caller)
        replace_mentions(text_of("text"), "user_id", [&](std::string const& id, std::string_view) {
            if (id != "all" && !find_by_any_id(c, id))
                refuse_content("md tag has an invalid user id");
            return std::string();
        });
}

inline checked_content check_post(call const& c, json::object const& o, content_rules const& rules)
{
    auto const* const reason = "content format of the post type is incorrect";
    if (o.empty())
        refuse_content(reason);
    for (auto const& [locale, value] : o)
    {
        auto const* const content = content_object(value, "post").if_contains("content");
        if (!content || !content->is_array() || content->get_array().empty())
            refuse_content(reason);
        for (auto const& paragraph : content->get_array())
        {
            if (!paragraph.is_array())
                refuse_content(reason);
            for (auto const& node : paragraph.get_array())
                check_post_node(c, node, paragraph.get_array().size(), rules);
        }
    }
    return {};
}

inline resource const* find_resource(call const& c, std::string_view key)
{
    if (auto const at = c.state.uploads.find(std::string(key)); at != c.state.uploads.end())
        return &at->second;
    auto const& all = c.world().resources;
    auto const at = std::find_if(all.begin(), all.end(), [&](resource const& r) { return r.key == key; });
    return at == all.end() ? nullptr : &*at;
}

// 230055: mp4 goes as media, opus as audio; neither goes as file.
inline bool fits(std::string_view type, std::string_view msg_type)
{
    if (msg_type == "image" || msg_type == "audio" || msg_type == "media")
        return type == (msg_type == "image" ? "image" : msg_type == "audio" ? "opus" : "mp4");
    return type != "image" && type != "opus" && type != "mp4";
}

TIDINGS_SANDBOX_DECL void check_resource(call const& c, std::string_view key, std::string_view kind,
                                         std::string_view msg_type)
{
    auto const* const known = find_resource(c, key);
    if (!known && !c.world().accept_any_resource)
        refuse_parameter("invalid " + std::string(kind) + "_key");
    if (!known)
        return;
    if (c.caller && !known->app_id.empty() && known->app_id != c.caller->app_id)
        refuse(230017);
    if (!known->type.empty() && !fits(known->type, msg_type))
        refuse(230055);
}

inline checked_content check_image(call const& c, json::object const& o, content_rules const&)
{
    check_resource(c, required_text(o, "image_key", "image_key can't be nil"), "image", "image");
    return {};
}

// file, audio, media and sticker differ in what may be uploaded for them.
template<int Kind>
checked_content check_file(call const& c, json::object const& o, content_rules const&)
{
    static constexpr char const* kinds[]{"file", "audio", "media", "sticker"};
    check_resource(c, required_text(o, "file_key", "file_key can't be nil"), "file", kinds[Kind]);
    if (Kind == 2 && o.contains("image_key"))
        check_resource(c, required_text(o, "image_key", "image_key can't be nil"), "image", "image");
    return {};
}

inline checked_content check_share_chat(call const& c, json::object const& o, content_rules const&)
{
    auto const id = required_text(o, "chat_id", "chat_id can't be nil");
    for (auto const& p : c.world().people)
        if (c.caller && state::chat_of_two(c.caller->app_id, p.login_name) == id)
            refuse(230015);
    auto const* const group = find_chat(c, id);
    if (!group)
        refuse(99992356, id);
    if (c.caller && std::find(group->bots.begin(), group->bots.end(), c.caller->app_id) == group->bots.end())
        refuse(230002);
    return {};
}

inline checked_content check_share_user(call const& c, json::object const& o, content_rules const&)
{
    auto const id = required_text(o, "user_id", "user_id can't be nil");
    auto const found = find_by_id(c, "open_id", id);
    if (!found.user)
        refuse(found.code ? found.code : 99992351, id);
    if (!c.caller->availability.includes(found.user->login_name))
        refuse(230013);
    return {};
}

// Only the divider exists; one-to-one only; 20 characters, or 10 wide ones.
inline checked_content check_system(call const& c, json::object const& o, content_rules const& rules)
{
    static constexpr std::array<char const*, 1> scope{"im:message:send_sys_msg"};
    need_scope(c, scope);
    if (!rules.to_person)
        refuse_parameter("sending system messages in group chats is not supported");
    auto const* const params = o.if_contains("params");
    auto const* const divider =
        params && params->is_object() ? params->get_object().if_contains("divider_text") : nullptr;
    if (required_text(o, "type", "type can't be nil") != "divider" || !divider || !divider->is_object())
        refuse_parameter("divider text can't be nil");
    int width = 0;
    for (auto const c8 : required_text(divider->get_object(), "text", "divider text can't be nil"))
    {
        auto const byte = static_cast<unsigned char>(c8);
        width += byte < 0x80 ? 1 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0; // lead bytes of three and four: wide
    }
    if (width > 20)
        refuse_parameter("divider text is too long");
    return {};
}

// ---- cards ----

// Checks a node of a card, at any depth.
inline void check_card_node(call const& c, json::value const& v, bool v2, int& elements)
{
    if (v.is_array())
        for (auto const& element : v.get_array())
            check_card_node(c, element, v2, elements);
    if (!v.is_object())
        return;
    auto const& o = v.get_object();
    auto const text = [&](char const* name) {
        auto const* const member = o.if_contains(name);
        return member && member->is_string() ? view(member->get_string()) : std::string_view();
    };
    auto const tag = text("tag");
    if (!tag.empty() && tag != "plain_text" && tag != "lark_md" && ++elements > 200)
        refuse_card(11310, "element exceeds the limit");
    if (v2 && (tag == "action" || tag == "note"))
        refuse_card(200861, "unsupported tag " + std::string(tag));
    if (auto const key = text("img_key"); !key.empty() && !find_resource(c, key) && !c.world().accept_any_resource)
        refuse_card(200570, "invalid image keys", key);
    auto const check_id = [&](std::string const& id, std::string_view) {
        if (c.caller && !id.empty() && id != "all" && !find_by_any_id(c, id))
            refuse_card(100290, "invalid user id", id);
        return std::string();
    };
    if (tag == "markdown" || tag == "lark_md")
        replace_mentions(text("content"), "id", check_id);
    if (tag == "person" || tag == "at")
        check_id(std::string(text("user_id")), {});
    for (auto const& member : o)
        check_card_node(c, member.value(), v2, elements);
}

TIDINGS_SANDBOX_DECL void check_card(call const& c, json::value const& card)
{
    auto const* const o = card.if_object();
    auto const has = [&](json::object const& in, char const* name) { return in.if_contains(name) != nullptr; };
    if (!o)
        refuse_card(200621, "parse card json err");
    auto const* const type = o->if_contains("type");
    if (type && (*type == "template" || *type == "card"))
    {
        auto const* const data = o->if_contains("data");
        auto const* const name = *type == "template" ? "template_id" : "card_id";
        if (!data || !data->is_object() || !has(data->get_object(), name) || !data->get_object().at(name).is_string())
            refuse_card(200621, "parse card json err");
        auto const id = view(data->get_object().at(name).get_string());
        auto const& known = c.world().card_templates;
        if (*type == "template" && !known.empty() && std::find(known.begin(), known.end(), id) == known.end())
            refuse_card(200380, "template does not exist", id);
        return;
    }
    auto const* const schema = o->if_contains("schema");
    auto const v2 = schema && *schema == "2.0";
    if (v2 ? !has(*o, "body") && !has(*o, "header")
           : !has(*o, "elements") && !has(*o, "i18n_elements") && !has(*o, "header"))
        refuse_card(200621, "parse card json err");
    int elements = 0;
    check_card_node(c, card, v2, elements);
}

// ---- the table ----

struct message_kind
{
    std::string_view name;
    checked_content (*check)(call const&, json::object const&, content_rules const&);
    // KB of the request; 0: none is documented.
    int max_kilobytes = 0;
};

inline constexpr message_kind message_kinds[]{
    {"text", check_text, 150},  {"post", check_post, 30},         {"image", check_image},
    {"file", check_file<0>},    {"audio", check_file<1>},         {"media", check_file<2>},
    {"sticker", check_file<3>}, {"share_chat", check_share_chat}, {"share_user", check_share_user},
    {"system", check_system},   {"interactive", nullptr, 30},
};

inline message_kind const& kind_of(std::string_view msg_type)
{
    auto const* const at = std::find_if(std::begin(message_kinds), std::end(message_kinds),
                                        [&](message_kind const& k) { return k.name == msg_type; });
    if (at == std::end(message_kinds))
        refuse_parameter("invalid msg_type");
    return *at;
}

TIDINGS_SANDBOX_DECL std::int64_t size_limit(call const& c, std::string_view msg_type)
{
    return std::int64_t{kind_of(msg_type).max_kilobytes} * c.world().modes.kilobyte;
}

TIDINGS_SANDBOX_DECL checked_content check_content(call const& c, std::string_view msg_type, json::value const& content,
                                                   content_rules const& rules)
{
    auto const& kind = kind_of(msg_type);
    if (kind.check)
        return kind.check(c, content_object(content, msg_type), rules);
    check_card(c, content);
    return {};
}

TIDINGS_SANDBOX_DECL json::value object_form_content(json::object const& body, std::string_view msg_type)
{
    auto const* const v = body.if_contains(msg_type == "interactive" ? "card" : "content");
    if (!v || !v->is_object() || msg_type == "interactive")
        return v ? *v : json::value();
    auto const& o = v->get_object();
    auto const inner = [&](char const* name) {
        auto const* const found = o.if_contains(name);
        return found ? *found : json::value();
    };
    if (msg_type == "post")
        return inner("post");
    if (msg_type == "share_chat")
        return json::object{{"chat_id", inner(o.contains("share_chat_id") ? "share_chat_id" : "share_open_chat_id")}};
    return *v;
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
