// Several calls for one purpose.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_PROCEDURE_HPP
#define TIDINGS_WIRE_PROCEDURE_HPP

#include <tidings/wire/operation.hpp>

#include <chrono>
#include <utility>

namespace tidings::inline v0::wire {

/// Operations for one purpose, one after the other. Decides without I/O which operation is next; the engine only
/// performs it. Used by one coroutine at a time, once.
class procedure
{
public:
    procedure(procedure const&) = delete;
    procedure& operator=(procedure const&) = delete;

    /// The next operation; null if the procedure has ended. Called at the start, then after each operation that
    /// succeeded.
    virtual operation* next() = 0;

    /// How long to wait before the operation that `next` returned.
    virtual std::chrono::milliseconds pause() const noexcept { return std::chrono::milliseconds(0); }

    /// The meaning of a failed operation for the whole procedure. By default the same failure.
    virtual failure map_error(failure const& f) const { return f; }

protected:
    procedure() noexcept = default;
    ~procedure() = default;
};

/// The procedure that consists of one operation.
template<class Operation>
class single final : public procedure
{
public:
    template<class... Args>
    explicit single(Args&&... args) : operation_(std::forward<Args>(args)...)
    {
    }

    operation* next() override { return std::exchange(begun_, true) ? nullptr : &operation_; }

    Operation& operator*() noexcept { return operation_; }
    Operation const& operator*() const noexcept { return operation_; }
    Operation* operator->() noexcept { return &operation_; }
    Operation const* operator->() const noexcept { return &operation_; }

private:
    Operation operation_;
    bool begun_ = false;
};

/// The same for an operation that is somewhere else.
class just final : public procedure
{
public:
    explicit just(operation& op) noexcept : operation_(&op) {}

    operation* next() override { return std::exchange(operation_, nullptr); }

private:
    operation* operation_;
};

} // namespace tidings::inline v0::wire

#endif
