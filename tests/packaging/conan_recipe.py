"""conan_recipe.py TREE VERSION: makes the package of packaging/conan as Conan 2 does, with stand-ins for what it imports."""
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

tree, version = sys.argv.pop(1), sys.argv.pop(1)


class Info:
    def clear(self):
        self.cleared = True


class CppInfo:
    def __init__(self):
        self.properties = {}

    def set_property(self, name, value):
        self.properties[name] = value


class ConanFile:
    def __init__(self, folders, recipe_folder):
        self.recipe_folder = recipe_folder
        self.__dict__.update(folders)
        self.required = []
        self.info, self.cpp_info = Info(), CppInfo()

    def requires(self, what, **traits):
        self.required.append((what, traits))


class CMakeToolchain:
    def __init__(self, recipe):
        self.recipe, self.cache_variables = recipe, {}

    def generate(self):
        self.recipe.variables = self.cache_variables


class CMakeDeps:
    def __init__(self, recipe):
        self.recipe = recipe

    def generate(self):
        self.recipe.finds_packages = True


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def configure(self):
        options = [f"-D{name}={'ON' if value is True else 'OFF' if value is False else value}"
                   for name, value in self.recipe.variables.items()]
        subprocess.run(["cmake", "-S", self.recipe.source_folder, "-B", self.recipe.build_folder, *options], check=True,
                       stdout=subprocess.DEVNULL)

    def install(self):
        subprocess.run(["cmake", "--install", self.recipe.build_folder, "--prefix", self.recipe.package_folder], check=True,
                       stdout=subprocess.DEVNULL)


def copy(recipe, pattern, src, dst):
    name = pattern.removesuffix("/*")
    if name != pattern:
        shutil.copytree(os.path.join(src, name), os.path.join(dst, name))
    else:
        os.makedirs(dst, exist_ok=True)
        shutil.copy(os.path.join(src, name), dst)


def load(recipe, path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


stand_in("conan", ConanFile=ConanFile)
stand_in("conan.tools")
stand_in("conan.tools.build", check_min_cppstd=lambda recipe, standard: setattr(recipe, "standard", standard))
stand_in("conan.tools.cmake", CMake=CMake, CMakeDeps=CMakeDeps, CMakeToolchain=CMakeToolchain,
         cmake_layout=lambda recipe: None)
stand_in("conan.tools.files", copy=copy, load=load, rmdir=lambda recipe, path: shutil.rmtree(path))


class Recipe(unittest.TestCase):
    def test_it_packages_the_headers_and_what_they_need(self):
        where = os.path.join(tree, "packaging", "conan")
        spec = importlib.util.spec_from_file_location("conanfile", os.path.join(where, "conanfile.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        folders = {}
        for name in ("export_sources", "build", "package"):
            folders[name + "_folder"] = tempfile.mkdtemp()
            self.addCleanup(shutil.rmtree, folders[name + "_folder"])
        folders["source_folder"] = folders["export_sources_folder"]
        recipe = module.Tidings(folders, where)
        recipe.set_version()
        self.assertEqual(recipe.version, version)
        for step in ("export_sources", "requirements", "validate", "layout", "generate", "build", "package", "package_id",
                     "package_info"):
            getattr(recipe, step)()
        self.assertEqual(recipe.standard, 20)
        self.assertTrue(recipe.finds_packages)
        self.assertTrue(recipe.info.cleared)
        self.assertEqual({what.split("/")[0] for what, _ in recipe.required}, {"boost", "openssl"})
        self.assertTrue(all(traits == {"transitive_headers": True} for _, traits in recipe.required))
        in_package = lambda *path: os.path.join(recipe.package_folder, *path)
        self.assertTrue(os.path.exists(in_package("include", "tidings", "tidings.hpp")))
        self.assertEqual(sorted(os.listdir(recipe.package_folder)), ["include", "licenses"])
        self.assertEqual(os.listdir(in_package("licenses")), ["LICENSE"])
        self.assertEqual(recipe.cpp_info.properties["cmake_target_name"], "tidings::tidings")


if __name__ == "__main__":
    unittest.main()
