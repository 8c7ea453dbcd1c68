// Memory of ended calls, kept for the next ones.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_BLOCK_POOL_HPP
#define TIDINGS_IMPL_BLOCK_POOL_HPP

#include <atomic>
#include <cstddef>
#include <new>
#include <utility>

namespace tidings::inline v0::detail {

/// Blocks of one size: that of the first allocation. Other sizes are passed on to the global allocator.
///
/// @par Thread safety  Shared objects: safe. A message may be prepared on any thread.
class block_pool
{
public:
    block_pool() noexcept = default;
    block_pool(block_pool const&) = delete;
    block_pool& operator=(block_pool const&) = delete;
    ~block_pool()
    {
        while (free_)
            ::operator delete(std::exchange(free_, free_->next));
    }

    /// @returns Memory for `size` bytes, aligned for every ordinary type.
    void* allocate(std::size_t size)
    {
        if (visit const alone(busy_); alone)
        {
            if (size_ == 0 && size >= sizeof(block))
                size_ = size;
            if (size == size_ && free_)
            {
                --count_;
                return std::exchange(free_, free_->next);
            }
        }
        return ::operator new(size);
    }

    void deallocate(void* memory, std::size_t size) noexcept
    {
        if (visit const alone(busy_); alone)
        {
            if (size == size_ && count_ != max_free)
            {
                free_ = ::new (memory) block{free_};
                ++count_;
                return;
            }
        }
        ::operator delete(memory);
    }

private:
    static constexpr std::size_t max_free = 128;

    struct block
    {
        block* next;
    };

    /// One thread's look into the list. A thread that finds another one there does not wait, but goes to the global
    /// allocator: that is rare, and a mutex would cost every call more.
    class visit
    {
    public:
        explicit visit(std::atomic_flag& busy) noexcept
            : busy_(busy), alone_(!busy.test_and_set(std::memory_order_acquire))
        {
        }
        visit(visit const&) = delete;
        visit& operator=(visit const&) = delete;
        ~visit()
        {
            if (alone_)
                busy_.clear(std::memory_order_release);
        }

        explicit operator bool() const noexcept { return alone_; }

    private:
        std::atomic_flag& busy_;
        bool alone_;
    };

    std::atomic_flag busy_;
    block* free_ = nullptr;
    std::size_t count_ = 0;
    std::size_t size_ = 0;
};

} // namespace tidings::inline v0::detail

#endif
