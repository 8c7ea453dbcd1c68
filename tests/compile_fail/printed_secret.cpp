// refuse: deleted
#include <tidings/tidings.hpp>

#include <iostream>

void printed_secret(tidings::secret const& s)
{
#ifdef NEAR_MISS
    std::cout << s.empty();
#else
    std::cout << s;
#endif
}
