/** Two processes of each layer: nodes that come, go, freeze and are killed while people talk. */
package chat.parley.e2e.cluster;
