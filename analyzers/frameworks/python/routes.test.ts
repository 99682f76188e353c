import { describe, expect, it } from "vitest";
import { extract } from "../../extract/extract.ts";
import { modelOf } from "../../model-of.ts";
import type { Model } from "../../model.ts";
import { memoryRepo } from "../../repo/memory.ts";
import { isSource } from "../../repo/source-file.ts";
import { routesOf } from "../../link/testing/model-from.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

function pythonModel(files: Record<string, string>): Model {
  const repo = memoryRepo({ "requirements.txt": "fastapi\nflask\ndjango\n", ...files });
  const summaries = new Map(repo.files.filter(isSource).map((file) => [file, extract(file, repo.read(file) ?? "")]));
  return modelOf(repo, summaries, {});
}

const guardsOf = (model: Model): string[] =>
  model.routes.map(({ method, path, middleware }) => {
    const names = middleware.map(({ fn, api }) => (fn === null ? api : model.fn(fn)?.name));
    return `${method} ${path}: ${names.join(", ")}`;
  });

const FASTAPI = "from fastapi import APIRouter, Depends, FastAPI\napp = FastAPI()\n";
const ROUTER =
  "from fastapi import APIRouter\nrouter = APIRouter(prefix='/x')\n@router.get('/{id}')\ndef one(id): pass\n";

describe("FastAPI routes", () => {
  it.each<Case>([
    [
      "every verb",
      {
        "main.py": `${FASTAPI}@app.get('/a')\ndef a(): pass\n@app.post('/b')\nasync def b(): pass\n@app.delete('/c/{d:path}')\ndef c(d): pass\n`,
      },
      ["DELETE /c/:d", "GET /a", "POST /b"],
    ],
    [
      "methods by name",
      {
        "main.py": `${FASTAPI}@app.api_route('/a', methods=['GET', 'PUT'])\ndef a(): pass\napp.add_api_route('/b', a, methods=['POST'])\n`,
      },
      ["GET /a", "POST /b", "PUT /a"],
    ],
    [
      "a router of another module",
      {
        "app/main.py": `${FASTAPI}from app.routers import items\napp.include_router(items.router, prefix='/api')\n`,
        "app/routers/items.py": ROUTER,
      },
      ["GET /api/x/:id"],
    ],
    [
      "routers within routers, and a prefix of the settings",
      {
        "app/__init__.py": "",
        "app/config.py": "class Settings:\n  API: str = '/v1'\nsettings = Settings()\n",
        "app/main.py": `${FASTAPI}from .api import api\nfrom .config import settings\napp.include_router(api, prefix=settings.API)\n`,
        "app/api.py":
          "from fastapi import APIRouter\nfrom .items import router as items\napi = APIRouter()\napi.include_router(items, prefix='/i')\n",
        "app/items.py": ROUTER,
      },
      ["GET /v1/i/x/:id"],
    ],
    [
      "routers in a loop",
      {
        "main.py": `${FASTAPI}import a, b\nfor module in [a, b]:\n  app.include_router(module.router)\n`,
        "a.py": ROUTER,
        "b.py": ROUTER.replace("/x", "/y"),
      },
      ["GET /x/:id", "GET /y/:id"],
    ],
    [
      "an app made by a function",
      {
        "main.py":
          "from fastapi import FastAPI\nfrom items import router\ndef make():\n  app = FastAPI()\n  app.include_router(router)\n  return app\napp = make()\n",
        "items.py": ROUTER,
      },
      ["GET /x/:id"],
    ],
    [
      "an app mounted on another",
      { "main.py": `${FASTAPI}sub = FastAPI()\n@sub.get('/a')\ndef a(): pass\napp.mount('/sub', sub)\n` },
      ["GET /sub/a"],
    ],
    [
      "a router that nothing includes",
      { "main.py": `${FASTAPI}@app.get('/a')\ndef a(): pass\n`, "old.py": ROUTER },
      ["GET /a"],
    ],
    [
      "other objects are no apps",
      { "main.py": `${FASTAPI}cache = {}\n@app.get('/a')\ndef a(): cache.get('/b')\n` },
      ["GET /a"],
    ],
    [
      "tests",
      {
        "main.py": `${FASTAPI}@app.get('/a')\ndef a(): pass\n`,
        "tests/test_a.py": `${FASTAPI}@app.get('/t')\ndef t(): pass\n`,
      },
      ["GET /a"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(pythonModel(files))).toEqual(routes.toSorted());
  });

  it("knows what runs before a handler", () => {
    const model = pythonModel({
      "main.py":
        `${FASTAPI}from deps import User, admin, get_db, limiter\nfrom fastapi.security import HTTPBearer\n` +
        "router = APIRouter(dependencies=[Depends(admin)])\n" +
        "@router.post('/a', dependencies=[Depends(HTTPBearer())])\n@limiter.limit('5/minute')\ndef a(user: User, db=Depends(get_db)): pass\n" +
        "@app.middleware('http')\nasync def timing(request, call_next): pass\n" +
        "app.include_router(router)\n",
      "deps.py":
        "from typing import Annotated\nfrom fastapi import Depends\nfrom slowapi import Limiter\n" +
        "limiter = Limiter()\ndef get_db(): yield 1\ndef admin(): pass\ndef get_user(db=Depends(get_db)): pass\nUser = Annotated[str, Depends(get_user)]\n",
    });

    expect(guardsOf(model)).toEqual([
      "POST /a: timing, admin, pypi:fastapi:security.HTTPBearer(), pypi:slowapi:Limiter().limit, get_db, get_user, get_db",
    ]);
  });
});

const FLASK = "from flask import Blueprint, Flask\n";

describe("Flask routes", () => {
  it.each<Case>([
    [
      "with and without methods",
      {
        "app.py": `${FLASK}app = Flask(__name__)\n@app.route('/a', methods=['GET', 'POST'])\n@app.route('/b/<int:id>')\ndef a(id=0): pass\n@app.post('/c')\ndef c(): pass\n`,
      },
      ["GET /a", "GET /b/:id", "POST /a", "POST /c"],
    ],
    [
      "of blueprints, whose prefix the registration may replace",
      {
        "shop/__init__.py": `${FLASK}from shop.cart import cart\ndef create_app():\n  app = Flask(__name__)\n  app.register_blueprint(cart)\n  app.register_blueprint(cart, url_prefix='/v2')\n  return app\n`,
        "shop/cart.py": `${FLASK}cart = Blueprint('cart', __name__, url_prefix='/cart')\n@cart.route('/')\ndef show(): pass\n`,
      },
      ["GET /cart", "GET /v2"],
    ],
    [
      "of views that are classes",
      {
        "app.py": `${FLASK}from flask.views import MethodView\napp = Flask(__name__)\nclass Users(MethodView):\n  def get(self): pass\n  def post(self): pass\napp.add_url_rule('/users', view_func=Users.as_view('users'))\n`,
      },
      ["GET /users", "POST /users"],
    ],
    [
      "of Flask-RESTful",
      {
        "app.py": `${FLASK}from flask_restful import Api, Resource\napp = Flask(__name__)\napi = Api(app, prefix='/api')\nclass User(Resource):\n  def get(self, id): pass\n  def delete(self, id): pass\napi.add_resource(User, '/users/<int:id>')\n`,
      },
      ["DELETE /api/users/:id", "GET /api/users/:id"],
    ],
    [
      "of Flask-RESTX",
      {
        "app.py": `${FLASK}from flask_restx import Api, Namespace, Resource\napp = Flask(__name__)\nns = Namespace('users')\n@ns.route('/<id>')\nclass User(Resource):\n  def get(self, id): pass\napi = Api()\napi.init_app(app)\napi.add_namespace(ns)\n`,
      },
      ["GET /users/:id"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(pythonModel(files))).toEqual(routes.toSorted());
  });

  it("knows what runs before an operation of Django Ninja", () => {
    const model = pythonModel({
      ...DJANGO,
      "site1/urls.py": `${PATHS}from shop.api import api\nurlpatterns = [path('api/', api.urls)]\n`,
      "shop/api.py":
        "from ninja import NinjaAPI\nfrom ninja.security import HttpBearer, django_auth\nfrom ninja.throttling import AnonRateThrottle\nclass Token(HttpBearer):\n  def authenticate(self, request, token): pass\napi = NinjaAPI(auth=Token())\n@api.post('/a', throttle=[AnonRateThrottle('5/m')])\ndef a(request): pass\n@api.get('/b', auth=django_auth)\ndef b(request): pass\n",
    });

    expect(guardsOf(model)).toEqual([
      "POST /api/a: authenticate, pypi:ninja:throttling.AnonRateThrottle()",
      "GET /api/b: authenticate, pypi:ninja:security.django_auth",
    ]);
  });

  it("knows what runs before a view", () => {
    const model = pythonModel({
      "app.py":
        `${FLASK}from flask_login import login_required\nfrom guards import role\napp = Flask(__name__)\nadmin = Blueprint('admin', __name__)\n` +
        "@admin.before_request\n@login_required\ndef check(): pass\n@admin.get('/a')\n@role('admin')\ndef a(): pass\napp.register_blueprint(admin)\n",
      "guards.py":
        "def role(name):\n  def decorator(f):\n    def wrapper(*a): return f(*a)\n    return wrapper\n  return decorator\n",
    });

    expect(guardsOf(model)).toEqual(["GET /a: pypi:flask_login:login_required, check, role"]);
  });
});

const DJANGO = {
  "manage.py": "import django\n",
  "site1/__init__.py": "",
  "site1/settings.py": "ROOT_URLCONF = 'site1.urls'\n",
  "site1/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
};
const PATHS = "from django.urls import include, path, re_path\n";

describe("Django routes", () => {
  it.each<Case>([
    [
      "of functions, with the methods they say",
      {
        "site1/urls.py": `${PATHS}from app import views\nurlpatterns = [path('', views.home), path('a/<int:pk>/', views.a), re_path(r'^b/(?P<slug>[\\w-]+)/$', views.b)]\n`,
        "app/views.py":
          "from django.views.decorators.http import require_http_methods, require_POST\ndef home(request): pass\n@require_POST\ndef a(request, pk): pass\n@require_http_methods(['GET', 'PUT'])\ndef b(request, slug): pass\n",
      },
      ["ALL /", "POST /a/:pk", "GET /b/:slug", "PUT /b/:slug"],
    ],
    [
      "included by name, as a list, and added later",
      {
        "site1/urls.py": `${PATHS}from app import views\nmore = [path('c/', views.c)]\nurlpatterns = [path('x/', include('app.urls')), path('y/', include(more))]\nurlpatterns += [path('d/', views.c)]\n`,
        "app/urls.py": `${PATHS}from . import views\napp_name = 'app'\nurlpatterns = [path('c/', views.c)]\n`,
        "app/views.py": "def c(request): pass\n",
      },
      ["ALL /d", "ALL /x/c", "ALL /y/c"],
    ],
    [
      "of class views and what they inherit",
      {
        "site1/urls.py": `${PATHS}from app.views import A, B, C\nfrom django.contrib.auth.views import LoginView\nurlpatterns = [path('a/', A.as_view()), path('b/', B.as_view()), path('c/', C.as_view()), path('login/', LoginView.as_view())]\n`,
        "app/views.py":
          "from django.views import View\nfrom django.views.generic import CreateView\nfrom rest_framework import generics\nclass A(View):\n  def get(self, request): pass\nclass B(CreateView): pass\nclass C(generics.RetrieveUpdateAPIView): pass\n",
      },
      ["GET /a", "GET /b", "POST /b", "GET /c", "PUT /c", "PATCH /c", "GET /login", "POST /login"],
    ],
    [
      "of view sets and their actions",
      {
        "site1/urls.py": `${PATHS}from rest_framework.routers import DefaultRouter\nfrom app.views import Books, Tags\nrouter = DefaultRouter()\nrouter.register(r'books', Books)\nrouter.register('tags', Tags, basename='tag')\nurlpatterns = [path('api/', include(router.urls))]\n`,
        "app/views.py":
          "from rest_framework import viewsets\nfrom rest_framework.decorators import action\nclass Books(viewsets.ReadOnlyModelViewSet):\n  lookup_field = 'slug'\n  @action(detail=True, methods=['post'], url_path='lend-out')\n  def lend(self, request, slug): pass\nclass Tags(viewsets.ViewSet):\n  def list(self, request): pass\n",
      },
      ["GET /api/books", "GET /api/books/:slug", "POST /api/books/:slug/lend-out", "GET /api/tags"],
    ],
    [
      "of api views",
      {
        "site1/urls.py": `${PATHS}from app.views import a\nurlpatterns = [path('a', a)]\n`,
        "app/views.py":
          "from rest_framework.decorators import api_view\n@api_view(['GET', 'POST'])\ndef a(request): pass\n",
      },
      ["GET /a", "POST /a"],
    ],
    [
      "of Django Ninja, with routers by object and by name",
      {
        "site1/urls.py": `${PATHS}from shop.api import api\nurlpatterns = [path('api/', api.urls)]\n`,
        "shop/api.py":
          "from ninja import NinjaAPI, Router\napi = NinjaAPI()\nrouter = Router()\n@api.get('/hello')\ndef hello(request): pass\n@api.api_operation(['POST', 'PATCH'], '/both')\ndef both(request): pass\n@router.get('/{int:id}')\ndef one(request, id): pass\napi.add_router('/orders/', router)\napi.add_router('/more', 'shop.more.router')\n",
        "shop/more.py": "from ninja import Router\nrouter = Router()\n@router.delete('/x')\ndef x(request): pass\n",
      },
      ["GET /api/hello", "POST /api/both", "PATCH /api/both", "GET /api/orders/:id", "DELETE /api/more/x"],
    ],
    ["that include themselves", { "site1/urls.py": `${PATHS}urlpatterns = [path('x/', include('site1.urls'))]\n` }, []],
  ])("%s", (_, files, routes) => {
    expect(routesOf(pythonModel({ ...DJANGO, ...files }))).toEqual(routes.toSorted());
  });

  it("knows what runs before a view", () => {
    const model = pythonModel({
      ...DJANGO,
      "site1/settings.py":
        "ROOT_URLCONF = 'site1.urls'\nMIDDLEWARE = ['axes.middleware.AxesMiddleware']\nREST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n",
      "site1/urls.py": `${PATHS}from django.contrib.auth.decorators import login_required\nfrom app.views import A, B, c\nurlpatterns = [path('a', A.as_view()), path('b', B.as_view()), path('c', login_required(c))]\n`,
      "app/views.py":
        "from django.views import View\nfrom django.contrib.auth.mixins import LoginRequiredMixin\nfrom rest_framework.views import APIView\nfrom rest_framework.permissions import AllowAny\n" +
        "class A(LoginRequiredMixin, View):\n  def get(self, request): pass\nclass B(APIView):\n  def get(self, request): pass\ndef c(request): pass\n",
    });

    expect(guardsOf(model)).toEqual([
      "GET /a: pypi:axes:middleware.AxesMiddleware, pypi:django:contrib.auth.mixins.LoginRequiredMixin",
      "GET /b: pypi:axes:middleware.AxesMiddleware, pypi:rest_framework:permissions.IsAuthenticated",
      "ALL /c: pypi:axes:middleware.AxesMiddleware, pypi:django:contrib.auth.decorators.login_required",
    ]);
  });
});
