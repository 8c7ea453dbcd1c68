// A small blocking HTTP client, so that the sandbox is judged over a real socket and by nobody of ours.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SANDBOX_CLIENT_HPP
#define TIDINGS_TESTS_SANDBOX_CLIENT_HPP

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <string>

namespace test {

namespace json = boost::json;

struct reply
{
    // 0: no complete answer came.
    unsigned status = 0;
    // Names in lower case.
    std::map<std::string, std::string> headers;
    std::string body;
    // Why no complete answer came.
    std::string error;

    json::object object() const;
    std::int64_t code() const;
    std::string msg() const;
};

using headers = std::map<std::string, std::string>;

// One connection, kept as long as the other side keeps it; a new one when it is gone.
class client
{
public:
    // With TLS the authority must be given; the host name is checked.
    explicit client(std::string const& url, std::string const& ca_pem = {});
    client(client const&) = delete;
    client& operator=(client const&) = delete;
    ~client();

    reply call(std::string const& method, std::string const& target, std::string const& body = {},
               headers const& h = {});
    // Sends these very bytes.
    void write(std::string const& bytes);
    // Everything until the connection ends.
    std::string read_all();
    // Whether the other side is seen to have ended the connection, without waiting for it.
    bool has_ended();
    // Gives up the connection.
    void drop();

private:
    struct wire;
    std::unique_ptr<wire> wire_;
};

} // namespace test

#endif
