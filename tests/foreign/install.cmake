# `npm ci`, unless what is installed is what the lock file asks for.
file(SHA256 package-lock.json wanted)
if(EXISTS node_modules/installed)
    file(READ node_modules/installed installed)
endif()
if(NOT installed STREQUAL wanted)
    execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts COMMAND_ERROR_IS_FATAL ANY)
    file(WRITE node_modules/installed ${wanted})
endif()
