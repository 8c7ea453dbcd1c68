// A real SMTP server on loopback: aiosmtpd, of the Debian package python3-aiosmtpd.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_EMAIL_MAIL_SERVER_HPP
#define TIDINGS_TESTS_EMAIL_MAIL_SERVER_HPP

#include "support/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/config/channels.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

class mail_server
{
public:
    /// Listens when the constructor returns.
    ///
    /// @param security  starttls, tls or none.
    /// @param password  Of the user "ada". Empty: no login.
    /// @param names     The names in its certificate, as OpenSSL writes them.
    explicit mail_server(std::string security, std::string const& password = {},
                         char const* names = "DNS:localhost,IP:127.0.0.1")
        : security_(std::move(security))
    {
        auto const own = authority_.server("mail.test", names);
        if (!password.empty())
            files_.write("password", password);
        std::vector<std::string> command{TIDINGS_SMTP_PYTHON, TIDINGS_SMTP_SERVER};
        command.push_back(files_.path());
        command.push_back(security_);
        command.push_back(files_.write("certificate.pem", own.certificate));
        command.push_back(files_.write("key.pem", own.key));
        files_.write("ca.pem", authority_.pem());
        process_ = std::make_unique<child_process>(std::move(command), files_.path() + "/log");
        for (int i = 0; i != 1000 && files_.read("port").empty(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (files_.read("port").empty())
            throw std::runtime_error("the SMTP server does not start: " + log());
    }

    /// Settings that it accepts; without a password.
    tidings::config::smtp_settings settings() const
    {
        tidings::config::smtp_settings out;
        out.host = "localhost";
        out.port = std::stoi(files_.read("port"));
        out.security = security_;
        out.from = "notify@example.com";
        out.ca_file = files_.path() + "/ca.pem";
        return out;
    }

    /// Those of the user "ada".
    tidings::config::smtp_settings settings(std::string const& password) const
    {
        auto out = settings();
        out.user = "ada";
        out.password = tidings::config::secret_setting::parse(password);
        return out;
    }

    /// What a mail program makes of a message. The first one is 1.
    boost::json::object message(int number) const
    {
        auto const text = files_.read(std::to_string(number) + ".json");
        return text.empty() ? boost::json::object() : boost::json::parse(text).as_object();
    }
    std::string bytes(int number) const { return files_.read(std::to_string(number) + ".eml"); }
    int count() const
    {
        int out = 0;
        while (!message(out + 1).empty())
            ++out;
        return out;
    }
    std::string log() const { return files_.read("log"); }
    temporary_directory const& files() const { return files_; }

private:
    std::string security_;
    authority authority_;
    temporary_directory files_;
    std::unique_ptr<child_process> process_;
};

} // namespace test

#endif
