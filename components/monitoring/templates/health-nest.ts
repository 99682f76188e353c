/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
// @if versioned
import {
  Controller,
  Get,
  Header,
  ServiceUnavailableException,
  VERSION_NEUTRAL,
  type OnModuleDestroy,
} from "@nestjs/common";
// @end
// @if !versioned
import {
  Controller,
  Get,
  Header,
  ServiceUnavailableException,
  type OnModuleDestroy,
} from "@nestjs/common";
// @end

let stopping = false;

/** From now on this process wants no more requests: for when it has been told to stop. */
export function reportStopping(): void {
  stopping = true;
}

// @if versioned
@Controller({ version: VERSION_NEUTRAL })
// @end
// @if !versioned
@Controller()
// @end
export class HealthController implements OnModuleDestroy {
  /**
   * Alive: the process can answer. Asks no database: an outage there would have every replica
   * restarted, which cures nothing.
   */
  @Get("livez")
  @Header("Cache-Control", "no-store")
  alive() {
    return { status: "ok" };
  }

  /** Ready for requests: no longer so once the process has been told to stop. */
  @Get("readyz")
  @Header("Cache-Control", "no-store")
  ready() {
    if (stopping) throw new ServiceUnavailableException({ status: "stopping" });
    return { status: "ok" };
  }

  /** Nest calls it first when it is told to stop, if it was told to hear the signal. */
  onModuleDestroy() {
    reportStopping();
  }
}
