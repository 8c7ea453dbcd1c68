// An operation that is nothing but what a platform counts.
#ifndef TIDINGS_TESTS_SUPPORT_COUNTED_CALL_HPP
#define TIDINGS_TESTS_SUPPORT_COUNTED_CALL_HPP

#include <tidings/wire/operation.hpp>

#include <string>
#include <utility>
#include <vector>

namespace test {

class counted_call final : public tidings::wire::operation
{
public:
    explicit counted_call(tidings::wire::api_limits const& limits, std::vector<std::string> people = {})
        : operation("counted call", tidings::wire::idempotency::idempotent, false), limits_(&limits),
          people_(std::move(people))
    {
    }

    tidings::result<void> encode(tidings::wire::request&, std::string_view) const override { return {}; }
    tidings::result<void> decode(tidings::wire::reply const&) override { return {}; }

    tidings::wire::api_limits const* limits() const noexcept override { return limits_; }
    std::size_t recipient_count() const noexcept override { return people_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return people_[i]; }

private:
    tidings::wire::api_limits const* limits_;
    std::vector<std::string> people_;
};

} // namespace test

#endif
