/** Python: databases, caches, queues, files. Querysets and statements are lazy: what fetches is what counts. */
import { facts, type LibraryFact } from "../fact.ts";
import { aws } from "./mail.ts";

const DJANGO_READS =
  "get first last earliest latest count exists aggregate in_bulk all filter exclude values values_list iterator " +
  "aget afirst acount aexists";
const DJANGO_WRITES =
  "create get_or_create update_or_create bulk_create bulk_update acreate create_user create_superuser update delete";
const SQLALCHEMY_READS = "all first one one_or_none scalar scalars count get exec fetchall fetchone mappings";
const SQLALCHEMY_WRITES = "commit flush add add_all merge delete bulk_save_objects bulk_insert_mappings";
const MONGO_READS = "find find_one aggregate count_documents distinct estimated_document_count";
const MONGO_WRITES =
  "insert_one insert_many update_one update_many replace_one delete_one delete_many find_one_and_update find_one_and_delete bulk_write";
const REDIS =
  "get set setex setnx mget mset delete exists expire ttl incr incrby decr hget hset hgetall hdel lpush rpush lrange " +
  "lpop rpop sadd srem smembers zadd zrange zrem publish eval execute";

const managers = ["objects", "objects.**"];

export const pythonDatabase: readonly LibraryFact[] = [
  ...managers.flatMap((object) => [
    ...facts("database-write", `pypi:django:**.${object}`, DJANGO_WRITES),
    ...facts("database-read", `pypi:django:**.${object}`, DJANGO_READS),
    ...facts("database-read", `pypi:django:**.${object}`, "raw", 0),
  ]),
  ...facts("database-write", "pypi:django:**.Manager().**", DJANGO_WRITES),
  ...facts("database-read", "pypi:django:**.Manager().**", DJANGO_READS),
  ...facts("database-read", "pypi:django:shortcuts", "get_object_or_404 get_list_or_404"),
  ...facts("database-read", "pypi:django:db.connection.cursor()", "execute", 0),
  ...facts("database-write", "pypi:django:**.Model()", "save delete asave adelete"),
  ...facts("database-write", "pypi:django:**.Model", "save delete"),
  ...["sqlalchemy", "flask_sqlalchemy", "sqlmodel"].flatMap((name) => [
    ...facts("database-write", `pypi:${name}:**`, SQLALCHEMY_WRITES),
    ...facts("database-read", `pypi:${name}:**`, "execute", 0),
    ...facts("database-read", `pypi:${name}:**`, SQLALCHEMY_READS),
    ...facts("database-read", `pypi:${name}:**`, "first_or_404 get_or_404 paginate"),
  ]),
  ...["psycopg", "psycopg2", "pymysql", "sqlite3", "aiosqlite", "mysql"].flatMap((name) =>
    facts("database-read", `pypi:${name}:**`, "execute executemany", 0),
  ),
  ...facts("database-read", "pypi:asyncpg:**", "fetch fetchrow fetchval execute", 0),
  ...["pymongo", "motor", "flask_pymongo"].flatMap((name) => [
    ...facts("database-read", `pypi:${name}:**`, MONGO_READS),
    ...facts("database-write", `pypi:${name}:**`, MONGO_WRITES),
  ]),
  ...facts("database-read", "pypi:beanie:Document", "find_one get"),
  ...facts("database-read", "pypi:beanie:Document.**", "to_list first_or_none count"),
  ...facts("database-write", "pypi:beanie:**", "insert save create delete insert_many replace set"),
  ...["create_client", "create_async_client", "acreate_client"].flatMap((made) =>
    facts("database-read", `pypi:supabase:${made}().**`, "execute"),
  ),
];

export const pythonCache: readonly LibraryFact[] = [
  ...[
    "pypi:redis:Redis()",
    "pypi:redis:StrictRedis()",
    "pypi:redis:from_url()",
    "pypi:redis:Redis.from_url()",
    "pypi:redis:asyncio.**",
  ].flatMap((made) => facts("cache", made, REDIS)),
  ...facts("cache", "pypi:django:core.cache.cache", "get set delete get_or_set incr add get_many set_many"),
  ...facts("cache", "pypi:flask_caching:Cache()", "get set delete"),
];

/** Calling a task's `delay` hands work on; calling the task itself does the work here. */
export const pythonQueue: readonly LibraryFact[] = [
  ...facts("queue", "pypi:celery:**", "delay apply_async send_task"),
  ...facts("queue", "pypi:rq:Queue()", "enqueue enqueue_in enqueue_at enqueue_call"),
  ...facts("queue", "pypi:django_rq:**", "enqueue delay"),
  ...facts("queue", "pypi:dramatiq:**", "send send_with_options"),
  ...facts("queue", "pypi:arq:**", "enqueue_job"),
  ...facts("queue", "pypi:huey:**", "schedule enqueue"),
  ...facts("queue", "pypi:taskiq:**", "kiq"),
  ...facts("queue", "pypi:django_q:tasks", "async_task schedule"),
  ...facts("queue", "pypi:procrastinate:**", "defer defer_async"),
  ...facts("queue", "pypi:pika:**", "basic_publish"),
  ...facts("queue", "pypi:kafka:KafkaProducer()", "send"),
  ...aws("queue", "send_message send_message_batch"),
];

export const pythonStorage: readonly LibraryFact[] = [
  ...aws(
    "storage",
    "upload_fileobj upload_file put_object get_object download_file delete_object generate_presigned_url",
  ),
  ...facts("storage", "pypi:cloudinary:uploader", "upload destroy"),
  ...facts(
    "storage",
    "pypi:google:cloud.storage.Client().**",
    "upload_from_file upload_from_string upload_from_filename download_as_bytes",
  ),
  ...facts("storage", "pypi:minio:Minio()", "put_object fput_object get_object"),
  ...facts("storage", "pypi:django:core.files.storage.default_storage", "save open delete"),
  ...facts("file-write", "pypi:shutil:", "copyfileobj copy copyfile move"),
  ...facts("file-write", "pypi:aiofiles:open()", "write writelines"),
  ...facts("file-write", "pypi:pathlib:Path().**", "write_bytes write_text write"),
  ...facts("file-write", "pypi:django:core.files.storage.FileSystemStorage()", "save"),
  ...facts("file-write", "pypi:builtins:open()", "write writelines"),
  ...facts("file-write", "pypi:werkzeug:datastructures.FileStorage()", "save"),
  ...facts("file-write", "pypi:flask:request.files.**", "save"),
];
