// What every source here begins with, compiled once.
#include <tidings/tidings.hpp>
