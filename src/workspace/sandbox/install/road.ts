// An install's way to the registries: the proxy outside, and inside a forwarder in front of the command that is run.
import { join } from "node:path";
import { AppError, messageOf } from "../../../core/errors.ts";
import type { InstallRoad, OpenInstallRoad, RoadPlace } from "../install-road.ts";
import { installEnvironment } from "./environment.ts";
import { forwardedArgv, forwardedProxy } from "./forwarder.ts";
import { startProxy } from "./proxy.ts";
import type { InstallProxy } from "./proxy.ts";
import type { Upstream } from "./upstream.ts";

export interface RoadOptions {
  /** As in `SandboxSettings.registries`. */
  readonly registries: readonly string[];
  /** The proxy of the worker's own network; `null` where it needs none. */
  readonly upstream: Upstream | null;
  /** A file of this machine with certificates that its network signs with (NODE_EXTRA_CA_CERTS); `null` where it needs none. */
  readonly certificates: string | null;
  /** A Node that is at the same place inside the sandbox, all links in its path resolved. */
  readonly node: string;
}

const socketInside = "/run/errand/proxy";
const certificatesInside = "/run/errand/certificates.pem";

export function installRoad(options: RoadOptions): OpenInstallRoad {
  return async (place) => {
    if (options.registries.length === 0) throw noRegistry;
    const proxy = await start(options, place);
    const road = place === "loopback" ? alongside(options, proxy) : fromInside(options, place.folder);
    return { ...road, troubles: proxy.troubles, close: proxy.close };
  };
}

type Way = Omit<InstallRoad, "troubles" | "close">;

function fromInside({ certificates, node }: RoadOptions, folder: string): Way {
  const socket = { from: join(folder, "proxy"), to: socketInside };
  const extra = certificates === null ? [] : [{ from: certificates, to: certificatesInside }];
  return {
    binds: [socket, ...extra],
    environment: installEnvironment({
      proxy: forwardedProxy,
      certificates: certificates === null ? null : certificatesInside,
    }),
    argv: (argv) => forwardedArgv(node, socketInside, argv),
  };
}

/** Nothing is isolated: programs are told of the proxy, and only those that heed it are held to the registries. */
function alongside({ certificates }: RoadOptions, { port }: InstallProxy): Way {
  return {
    binds: [],
    environment: installEnvironment({ proxy: `http://127.0.0.1:${port}`, certificates }),
    argv: ([program, ...rest]) => [program, ...rest],
  };
}

async function start({ registries, upstream }: RoadOptions, place: RoadPlace): Promise<InstallProxy> {
  const owner = place === "loopback" || place.user === null ? null : { uid: place.user, gid: place.user };
  const listen = place === "loopback" ? place : { folder: place.folder, user: owner };
  try {
    return await startProxy({ registries, upstream, listen });
  } catch (error) {
    throw new AppError("sandbox", `The way to the registries could not be opened: ${messageOf(error)}.`, {
      retryable: true,
      remedy: "Look at the sandbox's directory: the worker must be able to write to it.",
      cause: error,
    });
  }
}

const noRegistry = new AppError("sandbox", "No registry may be reached from the sandbox.", {
  retryable: false,
  remedy: "Name the registries in ERRAND_SANDBOX_REGISTRIES.",
});
