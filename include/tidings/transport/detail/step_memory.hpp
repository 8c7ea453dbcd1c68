// Memory of the step that an exchange is waiting for.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_STEP_MEMORY_HPP
#define TIDINGS_TRANSPORT_DETAIL_STEP_MEMORY_HPP

#include <cstddef>
#include <new>

namespace tidings::inline v0::transport::detail {

/// Memory of the step that an exchange is waiting for: there is one at a time.
class step_memory
{
public:
    step_memory() noexcept = default;
    step_memory(step_memory const&) = delete;
    step_memory& operator=(step_memory const&) = delete;

    void* allocate(std::size_t size)
    {
        if (is_used_ || size > sizeof bytes_)
            return ::operator new(size);
        is_used_ = true;
        return bytes_;
    }
    void deallocate(void* at) noexcept
    {
        if (at == bytes_)
            is_used_ = false;
        else
            ::operator delete(at);
    }

private:
    alignas(std::max_align_t) std::byte bytes_[320];
    bool is_used_ = false;
};

template<class T>
class step_allocator
{
public:
    using value_type = T;

    explicit step_allocator(step_memory& memory) noexcept : memory_(&memory) {}
    template<class U>
    step_allocator(step_allocator<U> const& other) noexcept : memory_(other.memory_)
    {
    }

    T* allocate(std::size_t n) { return static_cast<T*>(memory_->allocate(n * sizeof(T))); }
    void deallocate(T* at, std::size_t) noexcept { memory_->deallocate(at); }

    friend bool operator==(step_allocator const&, step_allocator const&) noexcept = default;

private:
    template<class>
    friend class step_allocator;

    step_memory* memory_;
};

} // namespace tidings::inline v0::transport::detail

#endif
